import type { StoredEvent } from '../catalog/event.ts';
import { type Filter, isEmpty, toPredicate } from '../log/read/filter.ts';
import type { KnownErasures } from '../log/state/erasures.ts';
import type { BoundedQueue } from './bounded-queue.ts';
import type { FlowingEvents, Take } from './flowing-events.ts';
import type { PubSub } from './pubsub.ts';
import { raceAbort } from './race-abort.ts';
import { createReplay, type Replay, type ReplayOptions } from './replay.ts';
import { takeTurns } from './take-turns.ts';
import { topicsFor } from './topics.ts';

export interface CatchUpSubscriptionOptions extends ReplayOptions {
  pubsub: PubSub<StoredEvent>;
  /** The error of a subscription whose place has been removed; gets the last removed position. */
  expired: (removedUpTo: number) => Error;
  /** Whose events may not be given out as they were; without it nobody was ever erased. */
  erasures?: Pick<KnownErasures, 'epoch' | 'isFresh' | 'ensureFresh'> | undefined;
}

export interface Wanted<Mark> {
  filter: Filter;
  /** The position behind which it begins. */
  after: number;
  /** Makes the item that says once how far the log was looked through. */
  toMark?: ((caughtUpAt: number) => Mark) | undefined;
  /** Called once, when it has ended in whatever way. */
  onEnd: () => void;
}

/** What the feed holds of a subscription. */
export interface CatchUpSubscription<Item> {
  events: FlowingEvents<Item>;
  /** Lets go of all copies of events, as somebody was erased: the log has them as they are now. */
  invalidate(): void;
}

const NOT_NOW = () => false;

/**
 * A read that never ends: from the log while behind, from the topics once caught up. Matching events
 * behind the position `after`, in order, each once.
 *
 * It listens to the topics before its last read of the log, and drops what that brought as well:
 * else the log would have grown again by the end of each read, and it would read on for ever.
 *
 * What waits here was read under the erasures that are known, since all of it goes at each new one;
 * so it may be given out as long as that knowledge is fresh. What was waited for is looked at anew.
 */
export function createCatchUpSubscription<Mark>(
  { filter, after, toMark, onEnd }: Wanted<Mark>,
  options: CatchUpSubscriptionOptions,
): CatchUpSubscription<StoredEvent | Mark> {
  type Item = StoredEvent | Mark;
  const { pubsub, head, expired, erasures } = options;
  const topics = isEmpty(filter) ? [] : topicsFor(filter);
  const matches = toPredicate(filter);
  let seen = after;
  let page: StoredEvent[] = [];
  /** When so many are left of a page that flows, the next one is read. */
  let readAheadAt = 0;
  /** What comes while it listens; what lies up to `joinedAt` comes from the log all the same. */
  let live: BoundedQueue<StoredEvent> | undefined;
  let joinedAt = 0;
  /** It is so close to the log's end that the next read is likely to be the last. */
  let isClose = false;
  let mark = toMark;
  let ended = false;
  /** The erasures that were known when the last event was handed out. */
  let deliveredEpoch: number | undefined;
  /** Made for a read of the log only: most subscriptions are live for most of their time. */
  let replay: Replay | undefined;

  const isFresh = () => erasures === undefined || erasures.isFresh();
  const getOrCreateReplay = () => (replay ??= createReplay(filter, options));
  const isWanted = (event: StoredEvent) => event.position > seen && matches(event);
  /** What comes now is all that is missing. */
  const isCaughtUp = () => live !== undefined && seen >= joinedAt;

  function join(): void {
    joinedAt = head();
    live = pubsub.subscribe(topics);
  }

  async function awaitFresh(): Promise<void> {
    await getOrCreateReplay().patiently(async () => erasures?.ensureFresh(), undefined);
  }

  /** Goes live if nothing lies between; else reads on. */
  async function advance(): Promise<void> {
    if (live === undefined && (isClose || seen >= head())) join();
    if (isCaughtUp()) return;
    const epoch = erasures?.epoch();
    const { events, reached, from, isLast } = await getOrCreateReplay().read(seen);
    if (erasures?.epoch() !== epoch) return;
    if (from > seen) throw expired(from);
    seen = reached;
    isClose = isLast;
    page = ended ? [] : events;
    readAheadAt = events.length >> 1;
  }

  /**
   * Too slow for its buffer: the log has what was missed. All that it wants of what lies before the
   * first missed one it was given, however long ago that was.
   */
  function fallBehind(queue: BoundedQueue<StoredEvent>): void {
    if (live !== queue) return;
    seen = Math.max(seen, (queue.refused()?.position ?? 0) - 1);
    live = undefined;
    isClose = false;
  }

  async function waitOrAdvance(): Promise<void> {
    if (live === undefined || !isCaughtUp()) return advance();
    if (live.hasEnded()) return fallBehind(live);
    await live.drain(NOT_NOW);
  }

  async function next(): Promise<IteratorResult<Item, undefined>> {
    while (!ended) {
      if (!isFresh()) {
        await awaitFresh();
        continue;
      }
      const replayed = page.shift();
      if (!replayed && mark && isCaughtUp()) {
        const value = mark(seen);
        mark = undefined;
        return { done: false, value };
      }
      const event = replayed ?? (isCaughtUp() ? live?.shift() : undefined);
      if (event && (replayed || isWanted(event))) {
        if (!replayed) seen = event.position;
        deliveredEpoch = erasures?.epoch();
        return { done: false, value: event };
      }
      if (event === undefined) await waitOrAdvance();
    }
    return { done: true, value: undefined };
  }

  async function flow(take: Take): Promise<void> {
    while (!ended) {
      if (mark && page.length === 0 && isCaughtUp()) return;
      let answer = true as ReturnType<Take>;
      const offer = (event: StoredEvent) => {
        answer = isFresh() ? take(event) : awaitFresh();
        return answer === true;
      };
      const queue = isCaughtUp() ? live : undefined;
      if (page.length > 0) {
        flowPage(offer);
      } else if (queue) {
        await queue.drain((event) => {
          if (isWanted(event) && !offer(event)) return false;
          seen = Math.max(seen, event.position);
          return true;
        });
        if (queue.hasEnded() && answer === true) fallBehind(queue);
      } else {
        await advance();
      }
      if (answer === false) return;
      if (answer !== true) await raceAbort(answer, getOrCreateReplay().signal, undefined);
    }
  }

  function flowPage(offer: (event: StoredEvent) => boolean): void {
    for (let first = page[0]; first && offer(first); first = page[0]) {
      page.shift();
      if (page.length === readAheadAt && !isCaughtUp()) replay?.readAhead(seen);
    }
  }

  function invalidate(): void {
    const [first] = page;
    page = [];
    if (first) seen = first.position - 1;
    replay?.invalidate();
    const wasCaughtUp = isCaughtUp();
    const missed = live?.drop();
    // A queue that held nothing goes on: what comes to it now is as it may be given out.
    if (missed === undefined) return;
    if (wasCaughtUp) seen = Math.max(seen, missed.position - 1);
    live = undefined;
  }

  async function reload(event: StoredEvent): Promise<StoredEvent | undefined> {
    let current: StoredEvent | undefined = event;
    while (current && !ended) {
      const epoch = erasures?.epoch();
      if (!isFresh()) {
        await awaitFresh();
      } else if (epoch === deliveredEpoch) {
        return current;
      } else {
        current = await getOrCreateReplay().readAgain(event.position);
        deliveredEpoch = epoch;
      }
    }
    return undefined;
  }

  function end(): void {
    if (!ended) onEnd();
    ended = true;
    page = [];
    replay?.end();
    live?.end();
  }

  // Live from this moment on, even before it is asked for anything.
  if (seen >= head()) join();
  return {
    invalidate,
    events: takeTurns<Item>({
      next,
      flow,
      recheck: (event) =>
        isFresh() && erasures?.epoch() === deliveredEpoch ? event : reload(event),
      end,
    }),
  };
}
