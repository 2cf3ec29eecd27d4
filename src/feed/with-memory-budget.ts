import { sizeOf } from '../catalog/size-of.ts';
import type { FeedItem } from './feed.ts';
import type { FlowingEvents } from './flowing-events.ts';
import { returnThis } from './return-this.ts';
import type { Semaphore, Turn } from './semaphore.ts';

const DONE = { done: true, value: undefined } as const;

/**
 * The same events, each handed out only when the budget has room for it, and counted until the
 * next one is asked for: by then it has been executed, made into text and taken by the network.
 *
 * On a socket one event may match hundreds of subscriptions at once. Looking at what is buffered
 * would not hold them back: they would all look before the first has written. Where they flow there
 * is nothing to count: whoever takes one has written it before the next one is offered.
 */
export function withMemoryBudget<Item extends FeedItem>(
  events: FlowingEvents<Item>,
  budget: Semaphore,
): FlowingEvents<Item> {
  /** Made for those that have to wait: few ever do. */
  let turns: Set<Turn> | undefined;
  let heldBytes = 0;
  let ended = false;

  function giveBack(): void {
    const sizeBytes = heldBytes;
    heldBytes = 0;
    if (sizeBytes > 0) budget.release(sizeBytes);
  }

  async function recheck(item: Item): Promise<Item | undefined> {
    if ('caughtUpAt' in item) return item;
    return (await events.recheck(item)) as Item | undefined;
  }

  const iterator: FlowingEvents<Item> = {
    recheck: events.recheck,
    flow(take) {
      giveBack();
      return events.flow(take);
    },
    async next() {
      giveBack();
      for (;;) {
        const result = await events.next();
        if (result.done || ended) return DONE;
        // What only says how far it came is hardly anything, but it waits for its turn as well.
        const sizeBytes = 'caughtUpAt' in result.value ? 0 : sizeOf(result.value);
        const turn = budget.acquire(sizeBytes);
        turns ??= new Set();
        turns.add(turn);
        const granted = await turn.granted;
        turns.delete(turn);
        if (turns.size === 0) turns = undefined;
        if (granted) heldBytes += sizeBytes;
        // It may have waited for long: somebody may have been erased since.
        const value = granted && !ended ? await recheck(result.value) : undefined;
        if (granted && !ended && value) return { done: false, value };
        // Ended, perhaps in the very moment in which its turn came; or not wanted any more.
        giveBack();
        if (ended || !granted) return DONE;
      }
    },
    async return() {
      ended = true;
      for (const turn of turns ?? []) turn.giveUp();
      giveBack();
      await events.return?.();
      return DONE;
    },
    async throw(error) {
      await iterator.return?.();
      throw error;
    },
    [Symbol.asyncIterator]: returnThis,
  };
  return iterator;
}
