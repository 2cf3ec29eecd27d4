import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import type { Filter } from '../log/read/filter.ts';
import type { LogReader } from '../log/read/log-reader.ts';
import type { KnownErasures } from '../log/state/erasures.ts';
import { type CatchUpSubscription, createCatchUpSubscription } from './catch-up-subscription.ts';
import type { FlowingEvents } from './flowing-events.ts';
import { createPageCache } from './page-cache.ts';
import { createPubSub, type Published } from './pubsub.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { topicsOf } from './topics.ts';

/**
 * So much is handed to one subscriber before the next one's turn comes, at most: its memory is at hand
 * then. What was made of it for the first is kept for the others, so it must not be more than is kept.
 */
const MAX_HANDED_EVENTS = 64;
const MAX_HANDED_BYTES = 256 * 1024;

export interface FeedOptions {
  reader: LogReader;
  /** The last position that has been published. */
  head: () => number;
  /** The error of a subscription whose place has been removed; gets the last removed position. */
  expired: (removedUpTo: number) => Error;
  /** Whose events may not be given out as they were; without it nobody was ever erased. */
  erasures?: Pick<KnownErasures, 'epoch' | 'isFresh' | 'ensureFresh' | 'onEpoch'> | undefined;
  /** How many events wait for a subscription before it goes back to reading the log. */
  capacity?: number;
  /** How many bytes of memory they may take together; see `sizeOf`. One alone may take more. */
  maxBytes?: number;
  /** How many events of the log are read at once, within `maxBytes` as well. */
  pageSize?: number;
  /** Waits until the log may be read again; unless it is given, always at once. */
  pace?: RateLimiter;
  /** Told when a subscription is too slow for its queue: it goes back to reading the log. */
  onFallBehind?: (() => void) | undefined;
  /** Told how many events a page brought to one that reads the log; shared: it was read for another. */
  onReplayed?: ((events: number, isShared: boolean) => void) | undefined;
}

/** Says that all up to a position has been looked through, and that what follows is live. */
export interface CaughtUp {
  readonly caughtUpAt: number;
}

export type FeedItem = StoredEvent | CaughtUp;

export interface Feed {
  /**
   * Takes the next event of the log; called by the follower alone.
   *
   * @param more true when another one follows at once, in the same call: it may wait for that
   */
  publish(event: StoredEvent, more?: boolean): void;
  /**
   * The events that match a filter: all that come after the position `after`, in order, each once.
   * The iterator ends when it is returned, or throws when the log cannot be read.
   */
  subscribe(filter: Filter, after: number): FlowingEvents;
  /**
   * The same, with one more item where the log's end is met for the first time: at once, if nothing
   * lies behind `after`. One that falls behind later and catches up again is not told once more.
   */
  follow(filter: Filter, after: number): FlowingEvents<FeedItem>;
  /** How many subscriptions are live. */
  size(): number;
  /** How many have not ended, live or reading the log. */
  open(): number;
  /** Ends all of them, in an orderly way. */
  close(): void;
}

/**
 * Makes the feed of a log.
 *
 * 1,000 events ride out a second at a large sender's rate, and take about 1 MiB if they are like
 * the sender's examples; so a thousand stalled readers cost 1 GiB at the very most.
 */
export function createFeed(options: FeedOptions): Feed {
  const { reader, erasures, pace, capacity = 1_000 } = options;
  const { maxBytes = 1024 * 1024, pageSize = 250 } = options;
  const pubsub = createPubSub<StoredEvent>({ capacity, maxBytes }, options.onFallBehind);
  const pages = createPageCache(reader);
  const shared = { ...options, pubsub, pages, pace, pageSize, maxBytes };
  let gathered: Published<StoredEvent>[] = [];
  let gatheredBytes = 0;
  const open = new Set<Pick<CatchUpSubscription<unknown>, 'events' | 'invalidate'>>();
  erasures?.onEpoch(() => {
    pages.invalidate();
    for (const { invalidate } of open) invalidate();
  });

  function read<Mark>(
    filter: Filter,
    after: number,
    toMark?: (caughtUpAt: number) => Mark,
  ): FlowingEvents<StoredEvent | Mark> {
    const onEnd = () => open.delete(reading);
    const reading = createCatchUpSubscription({ filter, after, toMark, onEnd }, shared);
    open.add(reading);
    return reading.events;
  }

  return {
    publish(event, more = false) {
      const sizeBytes = sizeOf(event);
      gathered.push({ topics: topicsOf(event), item: event, sizeBytes });
      gatheredBytes += sizeBytes;
      if (more && gathered.length < MAX_HANDED_EVENTS && gatheredBytes < MAX_HANDED_BYTES) return;
      const due = gathered;
      gathered = [];
      gatheredBytes = 0;
      pubsub.publish(due);
    },
    subscribe: (filter, after) => read<never>(filter, after),
    follow: (filter, after) => read<CaughtUp>(filter, after, (caughtUpAt) => ({ caughtUpAt })),
    size: pubsub.size,
    open: () => open.size,
    close() {
      for (const { events } of open) void events.return?.();
    },
  };
}
