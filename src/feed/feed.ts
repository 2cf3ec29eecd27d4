import { setTimeout as wait } from 'node:timers/promises';
import type { StoredEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import { type Filter, isEmpty, toPredicate } from '../log/filter.ts';
import type { LogReader, ReadResult, Span } from '../log/read.ts';
import type { Pace } from './create-pace.ts';
import { createPubSub } from './pubsub.ts';
import { topicsFor, topicsOf } from './topics.ts';

/** Pause before a log that cannot be read is read again, in milliseconds. */
const RETRY_MS = 500;

export interface FeedOptions {
  reader: LogReader;
  /** The last position that has been published. */
  head: () => number;
  /** How many events wait for a subscription before it goes back to reading the log. */
  capacity?: number;
  /** How many events of the log are read at once. */
  pageSize?: number;
  /** Waits until the log may be read again; unless it is given, always at once. */
  pace?: Pace;
}

export interface Feed {
  /** Takes the next event of the log; called by the follower alone. */
  publish(event: StoredEvent): void;
  /**
   * The events that match a filter: all that come after the position `after`, in order, each once.
   * The iterator ends when it is returned, or throws when the log cannot be read.
   */
  subscribe(filter: Filter, after: number): AsyncIterableIterator<StoredEvent>;
  /** How many subscriptions are live. */
  size(): number;
}

/** A read that never ends: from the log while behind, from the topics once caught up. */
export function createFeed(options: FeedOptions): Feed {
  const { reader, head, capacity = 1_000, pageSize = 250, pace } = options;
  const pubsub = createPubSub<StoredEvent>({ capacity });

  function subscribe(filter: Filter, after: number): AsyncIterableIterator<StoredEvent> {
    const topics = isEmpty(filter) ? [] : topicsFor(filter);
    const matches = toPredicate(filter);
    let seen = after;
    let page: StoredEvent[] = [];
    let live: ReturnType<typeof pubsub.subscribe> | undefined;
    let ended = false;
    /** Made for a read of the log only: most subscriptions are live for most of their time. */
    let stop: AbortController | undefined;

    async function next(): Promise<IteratorResult<StoredEvent, undefined>> {
      while (!ended) {
        const replayed = page.shift();
        if (replayed) return { done: false, value: replayed };
        if (live === undefined && seen >= head()) live = pubsub.subscribe(topics);
        if (live) {
          const { done, value } = await live.next();
          // Too slow for its buffer: the log has what was missed, from the last one seen.
          if (done) live = undefined;
          else if (value.position > seen) {
            seen = value.position;
            if (matches(value)) return { done: false, value };
          }
        } else {
          const read = await readPatiently({ after: seen, upTo: head() });
          seen = read.reached;
          page = read.events;
        }
      }
      return { done: true, value: undefined };
    }

    /** A database that is away is waited for: the subscription stays and goes on from its place. */
    async function readPatiently(span: Span): Promise<ReadResult> {
      const nothing = { events: [], reached: span.after };
      stop ??= new AbortController();
      const settle = await pace?.(pageSize, stop.signal);
      if (stop.signal.aborted) return nothing;
      let found = 0;
      try {
        const result = await unlessStopped(
          reader.read(span, { filter, limit: pageSize }),
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

    // One `next` at a time, whatever the consumer does; a failure ends the subscription.
    let turn: Promise<unknown> = Promise.resolve();
    const iterator: AsyncIterableIterator<StoredEvent> = {
      next() {
        const result = turn.then(next).catch((error) => {
          ended = true;
          throw error;
        });
        turn = result.catch(() => undefined);
        return result;
      },
      // Not an async generator: its `return` would wait behind a `next` that may never come.
      async return() {
        ended = true;
        page = [];
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
    // Live from this moment on, even before the first `next`.
    if (seen >= head()) live = pubsub.subscribe(topics);
    return iterator;
  }

  return {
    publish(event) {
      for (const topic of topicsOf(event)) pubsub.publish(topic, event);
    },
    subscribe,
    size: pubsub.size,
  };
}

/** What the work brings, or `otherwise` as soon as the signal says that nobody waits for it. */
function unlessStopped<T>(work: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopped = () => resolve(otherwise);
    signal.addEventListener('abort', stopped, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stopped));
  });
}
