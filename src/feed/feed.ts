import { setTimeout as wait } from 'node:timers/promises';
import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import { LogUnavailableError } from '../errors.ts';
import type { KnownErasures } from '../log/erasures.ts';
import { type Filter, isEmpty, toPredicate } from '../log/filter.ts';
import type { LogReader, ReadResult, Span } from '../log/read.ts';
import type { Pace } from './create-pace.ts';
import { createPubSub } from './pubsub.ts';
import { topicsFor, topicsOf } from './topics.ts';
import { unlessStopped } from './unless-stopped.ts';

/** Pause before a log that cannot be read is read again, in milliseconds. */
const RETRY_MS = 500;

export interface FeedOptions {
  reader: LogReader;
  /** The last position that has been published. */
  head: () => number;
  /** The error of a subscription whose place has been removed; gets the last removed position. */
  expired: (removedUpTo: number) => Error;
  /** Whose events may not be given out as they were; without it nobody was ever erased. */
  erasures?: Pick<KnownErasures, 'epoch' | 'isFresh' | 'fresh' | 'onEpoch'> | undefined;
  /** How many events wait for a subscription before it goes back to reading the log. */
  capacity?: number;
  /** How many bytes of memory they may take together; see `sizeOf`. One alone may take more. */
  maxBytes?: number;
  /** How many events of the log are read at once, within `maxBytes` as well. */
  pageSize?: number;
  /** Waits until the log may be read again; unless it is given, always at once. */
  pace?: Pace;
}

/** Events one after the other, and a last look at one that was held since. */
export interface Subscription<Item = StoredEvent> extends AsyncIterableIterator<Item> {
  /**
   * The event that was handed out last, as it may be given out now: it, what an erasure has put in its
   * place, or undefined where that is not wanted.
   */
  recheck(event: StoredEvent): Promise<StoredEvent | undefined>;
}

/** Says that all up to a position has been looked through, and that what follows is live. */
export interface CaughtUp {
  readonly caughtUpAt: number;
}

export type FeedItem = StoredEvent | CaughtUp;

export interface Feed {
  /** Takes the next event of the log; called by the follower alone. */
  publish(event: StoredEvent): void;
  /**
   * The events that match a filter: all that come after the position `after`, in order, each once.
   * The iterator ends when it is returned, or throws when the log cannot be read.
   */
  subscribe(filter: Filter, after: number): Subscription;
  /**
   * The same, with one more item where the log's end is met for the first time: at once, if nothing
   * lies behind `after`. One that falls behind later and catches up again is not told once more.
   */
  follow(filter: Filter, after: number): Subscription<FeedItem>;
  /** How many subscriptions are live. */
  size(): number;
  /** How many have not ended, live or reading the log. */
  open(): number;
  /** Ends all of them, in an orderly way. */
  close(): void;
}

/**
 * A read that never ends: from the log while behind, from the topics once caught up.
 *
 * 1,000 events ride out a second at a large sender's rate, and take about 1 MiB if they are like
 * the sender's examples; so a thousand stalled readers cost 1 GiB at the very most.
 */
export function createFeed(options: FeedOptions): Feed {
  const { reader, head, expired, pace, erasures, capacity = 1_000 } = options;
  const { maxBytes = 1024 * 1024, pageSize = 250 } = options;
  const pubsub = createPubSub<StoredEvent>({ capacity, maxBytes });
  let open = 0;
  const subscriptions = new Set<AsyncIterableIterator<unknown>>();
  /** What each open subscription does when somebody was erased. */
  const forgetting = new Set<() => void>();
  erasures?.onEpoch(() => {
    for (const forget of forgetting) forget();
  });

  /** @param toMark makes the item that says once how far the log was looked through */
  function follow<Mark>(
    filter: Filter,
    after: number,
    toMark?: (caughtUpAt: number) => Mark,
  ): Subscription<StoredEvent | Mark> {
    type Item = StoredEvent | Mark;
    const topics = isEmpty(filter) ? [] : topicsFor(filter);
    const matches = toPredicate(filter);
    let seen = after;
    let page: StoredEvent[] = [];
    let limit = pageSize;
    let live: ReturnType<typeof pubsub.subscribe> | undefined;
    let mark = toMark;
    let ended = false;
    /** Under which the last event was handed out. */
    let epoch = erasures?.epoch();
    /** Made for a read of the log only: most subscriptions are live for most of their time. */
    let stop: AbortController | undefined;

    async function next(): Promise<IteratorResult<Item, undefined>> {
      while (!ended) {
        epoch = erasures?.epoch();
        const replayed = page.shift();
        if (replayed) {
          if (await isCurrent()) return { done: false, value: replayed };
          goBack(replayed);
          continue;
        }
        if (live === undefined && seen >= head()) live = pubsub.subscribe(topics);
        if (live && mark) {
          const value = mark(seen);
          mark = undefined;
          return { done: false, value };
        }
        const queue = live;
        const before = seen;
        if (queue) {
          const { done, value } = await queue.next();
          // Too slow for its buffer: the log has what was missed. All that it wants of what lies before
          // the first missed one it was given, however long ago that was.
          if (done) {
            seen = Math.max(seen, (queue.refused()?.position ?? 0) - 1);
            if (live === queue) live = undefined;
          } else if (!(await isCurrent())) {
            if (value.position > before) goBack(value);
          } else if (value.position > seen) {
            seen = value.position;
            if (matches(value)) return { done: false, value };
          }
        } else {
          const span = { after: seen, upTo: head() };
          const { events, reached, from } = await readPatiently(span);
          if (erasures?.epoch() !== epoch) continue;
          if (from > seen) throw expired(from);
          // Of large events the database would send many that do not fit, over and over.
          const cutByBytes = events.length > 0 && events.length < limit && reached < span.upTo;
          limit = Math.min(pageSize, 2 * (cutByBytes ? events.length : limit));
          seen = reached;
          page = events;
        }
      }
      return { done: true, value: undefined };
    }

    /** False when somebody was erased since this turn began: a copy may not be given out then. */
    async function isCurrent(): Promise<boolean> {
      while (erasures && !erasures.isFresh() && !ended) {
        stop ??= new AbortController();
        const { signal } = stop;
        await unlessStopped(erasures.fresh(), signal, undefined).catch((error) => {
          if (!(error instanceof LogUnavailableError)) throw error;
          return wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
        });
      }
      return !ended && erasures?.epoch() === epoch;
    }

    /** Reads the log again from before an event that is not given out as it is. */
    function goBack({ position }: StoredEvent): void {
      seen = position - 1;
      page = [];
      void live?.return();
      live = undefined;
    }

    /** Lets go of all copies at once, also where nobody comes to take them. */
    function forget(): void {
      const [next] = page;
      page = [];
      if (next) seen = next.position - 1;
      if (live?.isAwaited()) {
        // It holds nothing, and what comes to it now is as it may be given out.
        epoch = erasures?.epoch();
        return;
      }
      const first = live?.drop();
      if (first === undefined) return;
      seen = Math.max(seen, first.position - 1);
      live = undefined;
    }

    async function recheck(event: StoredEvent): Promise<StoredEvent | undefined> {
      if (await isCurrent()) return event;
      const span = { after: event.position - 1, upTo: event.position };
      for (let reached = span.after; reached < span.upTo && !ended; ) {
        const read = await readPatiently(span);
        if (read.events.length > 0) return read.events[0];
        reached = Math.max(read.reached, read.from);
      }
      return undefined;
    }

    /** A database that is away is waited for: the subscription stays and goes on from its place. */
    async function readPatiently(span: Span): Promise<ReadResult> {
      const nothing = { events: [], reached: span.after, from: span.after };
      stop ??= new AbortController();
      const settle = await pace?.(pageSize, stop.signal);
      if (stop.signal.aborted) return nothing;
      let found = 0;
      try {
        const result = await unlessStopped(
          reader.read(span, { filter, limit, maxBytes, signal: stop.signal }),
          stop.signal,
          nothing,
        );
        found = result.events.length;
        return result;
      } catch (error) {
        if (!(error instanceof LogUnavailableError)) throw error;
        await wait(RETRY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
        return nothing;
      } finally {
        settle?.(found);
      }
    }

    function end(): void {
      if (!ended) open -= 1;
      ended = true;
      forgetting.delete(forget);
      subscriptions.delete(iterator);
      page = [];
    }

    // One `next` at a time, whatever the consumer does; a failure ends the subscription.
    let turn: Promise<unknown> = Promise.resolve();
    const iterator: Subscription<Item> = {
      recheck,
      next() {
        const result = turn.then(next).catch((error) => {
          end();
          throw error;
        });
        turn = result.catch(() => undefined);
        return result;
      },
      // Not an async generator: its `return` would wait behind a `next` that may never come.
      async return() {
        end();
        stop?.abort();
        await live?.return();
        return { done: true, value: undefined };
      },
      async throw(error) {
        await iterator.return?.();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return iterator;
      },
    };
    open += 1;
    subscriptions.add(iterator);
    forgetting.add(forget);
    // Live from this moment on, even before the first `next`.
    if (seen >= head()) live = pubsub.subscribe(topics);
    return iterator;
  }

  return {
    publish(event) {
      const sizeBytes = sizeOf(event);
      for (const topic of topicsOf(event)) pubsub.publish(topic, event, sizeBytes);
    },
    subscribe: (filter, after) => follow<never>(filter, after),
    follow: (filter, after) => follow<CaughtUp>(filter, after, (caughtUpAt) => ({ caughtUpAt })),
    size: pubsub.size,
    open: () => open,
    close() {
      for (const subscription of subscriptions) void subscription.return?.();
    },
  };
}
