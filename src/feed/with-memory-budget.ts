import { sizeOf } from '../catalog/size-of.ts';
import type { FeedItem } from './feed.ts';
import type { FlowingEvents } from './flowing-events.ts';
import { returnThis } from './return-this.ts';
import type { Permit, Semaphore } from './semaphore.ts';

const DONE = { done: true, value: undefined } as const;

/**
 * The same events, each delivered by `next` only when the semaphore has room for it, and counted
 * until the following `next`: by then it has been executed, serialised and written to the socket.
 *
 * One event may match hundreds of subscriptions of a socket at once. Checking the socket's buffer
 * would not limit them: all would check before the first has written. `flow` needs no count: each
 * event is written before the next one is offered.
 */
export function withMemoryBudget<Item extends FeedItem>(
  events: FlowingEvents<Item>,
  budget: Semaphore,
): FlowingEvents<Item> {
  /** Created on first use: few subscriptions ever wait. */
  let pending: Set<Permit> | undefined;
  let heldBytes = 0;
  let ended = false;

  function release(): void {
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
      release();
      return events.flow(take);
    },
    async next() {
      release();
      for (;;) {
        const result = await events.next();
        if (result.done || ended) return DONE;
        // A mark has no size worth counting but keeps its place in the queue.
        const sizeBytes = 'caughtUpAt' in result.value ? 0 : sizeOf(result.value);
        const permit = budget.acquire(sizeBytes);
        pending ??= new Set();
        pending.add(permit);
        const granted = await permit.granted;
        pending.delete(permit);
        if (pending.size === 0) pending = undefined;
        if (granted) heldBytes += sizeBytes;
        // The user may have been erased during the wait.
        const value = granted && !ended ? await recheck(result.value) : undefined;
        if (granted && !ended && value) return { done: false, value };
        // The subscription ended when it was granted, or the event no longer matches.
        release();
        if (ended || !granted) return DONE;
      }
    },
    async return() {
      ended = true;
      for (const permit of pending ?? []) permit.cancel();
      release();
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
