import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import type { Filter } from '../log/read/filter.ts';
import type { LogReader } from '../log/read/log-reader.ts';
import type { LogState } from '../log/state/log-state.ts';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import {
  CatchUpSubscription,
  type CatchUpSubscriptionOptions,
  type SubscriptionRequest,
} from './catch-up-subscription.ts';
import { EventIterator } from './event-iterator.ts';
import { createPageCache } from './page-cache.ts';
import { createPubSub, type Published } from './pubsub.ts';
import { createQueuedBytes } from './queued-bytes.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Semaphore } from './semaphore.ts';
import type { Source } from './source.ts';
import { createStuckReplays } from './stuck-replays.ts';
import { topicsOf } from './topics.ts';

/**
 * Most events handed to one subscriber before the next one's turn, so that its memory stays in the
 * CPU cache. Rendered events are kept for the other subscribers, so this must not exceed that
 * cache.
 */
const MAX_HANDED_EVENTS = 64;
const MAX_HANDED_BYTES = 256 * 1024;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;

export interface FeedOptions
  extends Pick<CatchUpSubscriptionOptions, 'head' | 'expired' | 'onReplayed' | 'retryMs'> {
  reader: LogReader;
  /** Absent where no user can have been erased. */
  logState?: Pick<LogState, 'epoch' | 'isFresh' | 'ensureFresh' | 'onEpoch'> | undefined;
  /** Maximum events queued for one subscription before it goes back to reading the log. */
  capacity?: number;
  /** Maximum bytes of these events (see `sizeOf`); a single event may be larger. */
  maxBytes?: number;
  /**
   * Maximum bytes of the events that are queued for all subscriptions; an event counts once. Beyond
   * it, subscriptions that would queue an event go back to reading the log.
   */
  maxQueuedBytes?: number;
  /** Maximum events of one read of the log, which `maxBytes` bounds as well. */
  pageSize?: number;
  /** Memory that the pages of all replays share with queries; unlimited when absent. */
  memory?: MemoryBudget | undefined;
  /** Limits how fast the log is read; unlimited when absent. */
  rateLimiter?: RateLimiter;
  /** Called when a subscription is too slow for its queue and goes back to reading the log. */
  onFallBehind?: (() => void) | undefined;
  /**
   * Called with the error when a subscription has not been able to read the log for long, and
   * without one when all can read it again.
   */
  onStuck?: ((error?: unknown) => void) | undefined;
}

/** The consumer of a subscription. */
export interface FeedConsumer extends Pick<SubscriptionRequest, 'viewer'> {
  /** Memory for the events in transit of one connection; see `EventIterator`. */
  budget?: Semaphore | undefined;
}

export interface Feed {
  /**
   * Publishes the next event of the log. Called by the tailer only.
   *
   * @param more true when another event follows synchronously, so this one may wait for it
   */
  publish(event: StoredEvent, more?: boolean): void;
  /**
   * Ends subscriptions that have missed events, because these were removed before they could be
   * published. Called by the tailer only.
   */
  expire(removedUpTo: number): void;
  /**
   * Subscribes to the events that match a filter, after the position `after`, in order, each once.
   * The iterator ends when it is returned; it throws when the log cannot be read.
   */
  subscribe(filter: Filter, after: number, consumer?: FeedConsumer): EventIterator<StoredEvent>;
  /**
   * As `subscribe`, with one `CaughtUp` item where the subscription first reaches the head of the
   * log: at once, if nothing matches after `after`. Later catch-ups are not marked.
   */
  follow(filter: Filter, after: number, consumer?: FeedConsumer): EventIterator;
  /** Number of live subscriptions. */
  size(): number;
  /** Number of open subscriptions, live or reading the log. */
  open(): number;
  /** Ends all subscriptions gracefully. */
  close(): void;
}

/**
 * Creates the feed of a log.
 *
 * The default of 1,000 queued events bridges one second of a large sender's rate and takes about 1
 * MiB for events like the sender's examples.
 */
export function createFeed(options: FeedOptions): Feed {
  const { reader, logState, rateLimiter, capacity = 1_000 } = options;
  const { maxBytes = 1024 * 1024, pageSize = 250, maxQueuedBytes = MAX_QUEUED_BYTES } = options;
  const queued = createQueuedBytes<unknown>(maxQueuedBytes);
  const pubsub = createPubSub<StoredEvent>({ capacity, maxBytes, queued }, options.onFallBehind);
  const pages = createPageCache(reader, options.memory);
  const stuck = options.onStuck && createStuckReplays(options.onStuck);
  const shared = { ...options, stuck, pubsub, pages, rateLimiter, pageSize, maxBytes };
  let gathered: Published<StoredEvent>[] = [];
  let gatheredBytes = 0;
  const open = new Set<CatchUpSubscription>();
  logState?.onEpoch(() => {
    pages.invalidate();
    for (const subscription of open) subscription.invalidate();
  });

  function read(
    request: Pick<SubscriptionRequest, 'filter' | 'after' | 'isMarked' | 'viewer'>,
  ): CatchUpSubscription {
    const onEnd = () => open.delete(subscription);
    const subscription = new CatchUpSubscription({ ...request, onEnd }, shared);
    open.add(subscription);
    return subscription;
  }

  return {
    publish(event, more = false) {
      const sizeBytes = sizeOf(event);
      gathered.push({ topics: topicsOf(event), item: event, sizeBytes });
      gatheredBytes += sizeBytes;
      if (more && gathered.length < MAX_HANDED_EVENTS && gatheredBytes < MAX_HANDED_BYTES) return;
      const batch = gathered;
      gathered = [];
      gatheredBytes = 0;
      pubsub.publish(batch);
    },
    expire(removedUpTo) {
      for (const subscription of open) subscription.expire(removedUpTo);
    },
    subscribe(filter, after, { viewer, budget } = {}) {
      const source = read({ filter, after, isMarked: false, viewer });
      return new EventIterator(source as Source<StoredEvent>, budget);
    },
    follow: (filter, after, { viewer, budget } = {}) =>
      new EventIterator(read({ filter, after, isMarked: true, viewer }), budget),
    size: pubsub.size,
    open: () => open.size,
    close() {
      for (const subscription of open) subscription.close();
    },
  };
}
