import type { StoredEvent } from '../catalog/event.ts';
import { type Filter, isEmpty, toPredicate } from '../log/filter.ts';
import type { BoundedQueue } from './bounded-queue.ts';
import { createReplay, type Replay, type ReplayOptions } from './create-replay.ts';
import type { FlowingEvents, Take } from './flowing-events.ts';
import type { PubSub } from './pubsub.ts';
import { topicsFor } from './topics.ts';
import { unlessStopped } from './unless-stopped.ts';

export interface ReadEventsOptions extends ReplayOptions {
  pubsub: PubSub<StoredEvent>;
  /** The error of a subscription whose place has been removed; gets the last removed position. */
  expired: (removedUpTo: number) => Error;
  /** Called once, when it has ended in whatever way. */
  onEnd: () => void;
}

/**
 * A read that never ends: from the log while behind, from the topics once caught up. Matching events
 * behind the position `after`, in order, each once.
 */
export function readEvents(
  filter: Filter,
  after: number,
  options: ReadEventsOptions,
): FlowingEvents {
  const { pubsub, head, expired, onEnd } = options;
  const topics = isEmpty(filter) ? [] : topicsFor(filter);
  const matches = toPredicate(filter);
  let seen = after;
  let page: StoredEvent[] = [];
  /** When so many are left of a page that flows, the next one is read. */
  let readAheadAt = 0;
  let live: BoundedQueue<StoredEvent> | undefined;
  let ended = false;
  /** Made for a read of the log only: most subscriptions are live for most of their time. */
  let replay: Replay | undefined;

  /** Goes live if nothing lies between; else reads on. */
  async function advance(): Promise<void> {
    if (seen >= head()) {
      live = pubsub.subscribe(topics);
      return;
    }
    replay ??= createReplay(filter, options);
    const { events, reached, from } = await replay.read(seen);
    if (from > seen) throw expired(from);
    seen = reached;
    page = ended ? [] : events;
    readAheadAt = events.length >> 1;
  }

  /**
   * Too slow for its buffer: the log has what was missed. All that it wants of what lies before the
   * first missed one it was given, however long ago that was.
   */
  function fallBehind(): void {
    seen = Math.max(seen, (live?.refused()?.position ?? 0) - 1);
    live = undefined;
  }

  async function next(): Promise<IteratorResult<StoredEvent, undefined>> {
    while (!ended) {
      const replayed = page.shift();
      if (replayed) return { done: false, value: replayed };
      if (live) {
        const { done, value } = await live.next();
        if (done) {
          fallBehind();
        } else if (value.position > seen) {
          seen = value.position;
          if (matches(value)) return { done: false, value };
        }
      } else {
        await advance();
      }
    }
    return { done: true, value: undefined };
  }

  async function flow(take: Take): Promise<void> {
    while (!ended) {
      let answer: ReturnType<Take> = true;
      if (page.length > 0) {
        answer = flowPage(take);
      } else if (live) {
        await live.drain((event) => {
          if (event.position <= seen) return true;
          if (matches(event)) answer = take(event);
          if (answer !== true) return false;
          seen = event.position;
          return true;
        });
        if (answer === true && !ended) fallBehind();
      } else {
        await advance();
      }
      if (answer === false) return;
      if (answer !== true) {
        replay ??= createReplay(filter, options);
        await unlessStopped(answer, replay.signal, undefined);
      }
    }
  }

  function flowPage(take: Take): ReturnType<Take> {
    for (let first = page[0]; first; first = page[0]) {
      const answer = take(first);
      if (answer !== true) return answer;
      page.shift();
      if (page.length === readAheadAt) replay?.readAhead(seen);
    }
    return true;
  }

  function end(): void {
    if (!ended) onEnd();
    ended = true;
    page = [];
    replay?.end();
  }

  // One at a time, whatever the consumer does; a failure ends the subscription.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work).catch((error) => {
      end();
      throw error;
    });
    turn = result.catch(() => undefined);
    return result;
  }

  let failure: { error: unknown } | undefined;
  const events: FlowingEvents = {
    next: () =>
      inTurn(async () => {
        if (failure === undefined) return next();
        const { error } = failure;
        failure = undefined;
        throw error;
      }),
    flow: (take) =>
      inTurn(() => flow(take)).catch((error) => {
        failure = { error };
      }),
    // Not an async generator: its `return` would wait behind a `next` that may never come.
    async return() {
      end();
      await live?.return();
      return { done: true, value: undefined };
    },
    async throw(error) {
      await events.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return events;
    },
  };
  // Live from this moment on, even before it is asked for anything.
  if (seen >= head()) live = pubsub.subscribe(topics);
  return events;
}
