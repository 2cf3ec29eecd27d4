import { setTimeout as wait } from 'node:timers/promises';
import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import { LogUnavailableError } from '../errors.ts';
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
  /** How many events wait for a subscription before it goes back to reading the log. */
  capacity?: number;
  /** How many bytes of memory they may take together; see `sizeOf`. One alone may take more. */
  maxBytes?: number;
  /** How many events of the log are read at once, within `maxBytes` as well. */
  pageSize?: number;
  /** Waits until the log may be read again; unless it is given, always at once. */
  pace?: Pace;
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
  subscribe(filter: Filter, after: number): AsyncIterableIterator<StoredEvent>;
  /**
   * The same, with one more item where the log's end is met for the first time: at once, if nothing
   * lies behind `after`. One that falls behind later and catches up again is not told once more.
   */
  follow(filter: Filter, after: number): AsyncIterableIterator<FeedItem>;
  /** How many subscriptions are live. */
  size(): number;
  /** How many have not ended, live or reading the log. */
  open(): number;
}

/**
 * A read that never ends: from the log while behind, from the topics once caught up.
 *
 * 1,000 events ride out a second at a large sender's rate, and take about 1 MiB if they are like
 * the sender's examples; so a thousand stalled readers cost 1 GiB at the very most.
 */
export function createFeed(options: FeedOptions): Feed {
  const { reader, head, expired, pace, capacity = 1_000 } = options;
  const { maxBytes = 1024 * 1024, pageSize = 250 } = options;
  const pubsub = createPubSub<StoredEvent>({ capacity, maxBytes });
  let open = 0;

  /** @param toMark makes the item that says once how far the log was looked through */
  function follow<Mark>(
    filter: Filter,
    after: number,
    toMark?: (caughtUpAt: number) => Mark,
  ): AsyncIterableIterator<StoredEvent | Mark> {
    type Item = StoredEvent | Mark;
    const topics = isEmpty(filter) ? [] : topicsFor(filter);
    const matches = toPredicate(filter);
    let seen = after;
    let page: StoredEvent[] = [];
    let limit = pageSize;
    let live: ReturnType<typeof pubsub.subscribe> | undefined;
    let mark = toMark;
    let ended = false;
    /** Made for a read of the log only: most subscriptions are live for most of their time. */
    let stop: AbortController | undefined;

    async function next(): Promise<IteratorResult<Item, undefined>> {
      while (!ended) {
        const replayed = page.shift();
        if (replayed) return { done: false, value: replayed };
        if (live === undefined && seen >= head()) live = pubsub.subscribe(topics);
        if (live && mark) {
          const value = mark(seen);
          mark = undefined;
          return { done: false, value };
        }
        if (live) {
          const { done, value } = await live.next();
          // Too slow for its buffer: the log has what was missed. All that it wants of what lies before
          // the first missed one it was given, however long ago that was.
          if (done) {
            seen = Math.max(seen, (live.refused()?.position ?? 0) - 1);
            live = undefined;
          } else if (value.position > seen) {
            seen = value.position;
            if (matches(value)) return { done: false, value };
          }
        } else {
          const span = { after: seen, upTo: head() };
          const { events, reached, from } = await readPatiently(span);
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
      page = [];
    }

    // One `next` at a time, whatever the consumer does; a failure ends the subscription.
    let turn: Promise<unknown> = Promise.resolve();
    const iterator: AsyncIterableIterator<Item> = {
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
  };
}
