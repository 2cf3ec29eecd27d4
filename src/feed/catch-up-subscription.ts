import type { StoredEvent } from '../catalog/event.ts';
import { type Filter, isEmpty, toPredicate } from '../log/read/filter.ts';
import type { KnownErasures } from '../log/state/erasures.ts';
import type { BoundedQueue } from './bounded-queue.ts';
import type { FlowingEvents, Take } from './flowing-events.ts';
import type { PubSub } from './pubsub.ts';
import { raceAbort } from './race-abort.ts';
import { createReplay, type Replay, type ReplayOptions } from './replay.ts';
import { serializeDelivery } from './serialize-delivery.ts';
import { topicsFor } from './topics.ts';

export interface CatchUpSubscriptionOptions extends ReplayOptions {
  pubsub: PubSub<StoredEvent>;
  /**
   * Creates the error of a subscription whose cursor was removed by retention; receives the last
   * removed position.
   */
  expired: (removedUpTo: number) => Error;
  /** Known erasures; absent where no user can have been erased. */
  erasures?: Pick<KnownErasures, 'epoch' | 'isFresh' | 'ensureFresh'> | undefined;
}

export interface SubscriptionRequest<Mark> {
  filter: Filter;
  /** The position after which the subscription starts. */
  after: number;
  /** Creates the item that marks, once, the position at which the subscription caught up. */
  toMark?: ((caughtUpAt: number) => Mark) | undefined;
  /** Called once when the subscription has ended, for any reason. */
  onEnd: () => void;
}

/** What the feed needs of a subscription. */
export interface CatchUpSubscription<Item> {
  events: FlowingEvents<Item>;
  /** Discards all buffered copies of events after an erasure; the log has the erased forms. */
  invalidate(): void;
}

const NEVER_READY = () => false;

/**
 * Creates a catch-up subscription: it reads the log while behind and takes events from the topics
 * once caught up. Yields the matching events after position `after`, in order, each once.
 *
 * It joins the topics before its last read of the log and drops the events that this read returned
 * as well. Joining after the read would never succeed while the log grows during every read.
 *
 * Every new erasure discards the buffers. Buffered events may therefore be delivered as long as the
 * known erasures are fresh; otherwise the erasures are refreshed first.
 */
export function createCatchUpSubscription<Mark>(
  { filter, after, toMark, onEnd }: SubscriptionRequest<Mark>,
  options: CatchUpSubscriptionOptions,
): CatchUpSubscription<StoredEvent | Mark> {
  type Item = StoredEvent | Mark;
  const { pubsub, head, expired, erasures } = options;
  const topics = isEmpty(filter) ? [] : topicsFor(filter);
  const matches = toPredicate(filter);
  let seen = after;
  let page: StoredEvent[] = [];
  /** Gives back the memory of the page. */
  let releasePage: (() => void) | undefined;
  /** The next page is read ahead when this many events of the current one are left. */
  let nextPageAt = 0;
  /**
   * Events published since the topics were joined; positions up to `joinedAt` come from the log.
   */
  let live: BoundedQueue<StoredEvent> | undefined;
  let joinedAt = 0;
  /** The subscription is so close to the head that its next read is probably the last. */
  let isClose = false;
  let mark = toMark;
  let ended = false;
  /** The erasure epoch under which the last event was delivered. */
  let deliveredEpoch: number | undefined;
  /** Created on first use: most subscriptions are live most of the time. */
  let replay: Replay | undefined;

  const isFresh = () => erasures === undefined || erasures.isFresh();
  const getOrCreateReplay = () => (replay ??= createReplay(filter, options, dropPages));
  const isUnseenMatch = (event: StoredEvent) => event.position > seen && matches(event);
  /** The live queue holds everything that is still missing. */
  const isCaughtUp = () => live !== undefined && seen >= joinedAt;

  function join(): void {
    joinedAt = head();
    live = pubsub.subscribe(topics);
  }

  async function awaitFresh(): Promise<void> {
    await getOrCreateReplay().withRetries(async () => erasures?.ensureFresh(), undefined);
  }

  /** Goes live if nothing is left in the log; otherwise reads the next page. */
  async function advance(): Promise<void> {
    if (live === undefined && (isClose || seen >= head())) join();
    if (isCaughtUp()) return;
    const epoch = erasures?.epoch();
    const { events, reached, from, isLast, release } = await getOrCreateReplay().read(seen);
    if (erasures?.epoch() !== epoch) return release();
    if (from > seen) throw expired(from);
    seen = reached;
    isClose = isLast;
    page = ended ? [] : events;
    releasePage = release;
    if (page.length === 0) release();
    nextPageAt = events.length >> 1;
  }

  /**
   * The queue overflowed, so the missed events are read from the log. All matching events before
   * the first missed one have been delivered, however old that one is.
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
    await live.drain(NEVER_READY);
  }

  async function next(): Promise<IteratorResult<Item, undefined>> {
    while (!ended) {
      if (!isFresh()) {
        await awaitFresh();
        continue;
      }
      const replayed = shiftPage();
      if (!replayed && mark && isCaughtUp()) {
        const value = mark(seen);
        mark = undefined;
        return { done: false, value };
      }
      const event = replayed ?? (isCaughtUp() ? live?.shift() : undefined);
      if (event && (replayed || isUnseenMatch(event))) {
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
          if (isUnseenMatch(event) && !offer(event)) return false;
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
      shiftPage();
      if (page.length === nextPageAt && !isCaughtUp()) replay?.readAhead(seen);
    }
  }

  function shiftPage(): StoredEvent | undefined {
    const event = page.shift();
    if (event && page.length === 0) releasePage?.();
    return event;
  }

  /** Discards what was read but not delivered; it is read again. */
  function dropPages(): void {
    const [first] = page;
    page = [];
    releasePage?.();
    if (first) seen = first.position - 1;
    replay?.invalidate();
  }

  function invalidate(): void {
    dropPages();
    const wasCaughtUp = isCaughtUp();
    const missed = live?.drop();
    // An empty queue stays open: events that arrive now are already in their erased form.
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

  // Live from now on, even before the first `next`.
  if (seen >= head()) join();
  return {
    invalidate,
    events: serializeDelivery<Item>({
      next,
      flow,
      recheck: (event) =>
        isFresh() && erasures?.epoch() === deliveredEpoch ? event : reload(event),
      end,
    }),
  };
}
