import type { StoredEvent } from '../../src/catalog/event.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { createFeed, type Feed, type FeedOptions } from '../../src/feed/feed.ts';
import type { LogOptions } from '../../src/log/log.ts';
import { newEvent } from '../log/new-event.ts';
import { appendAndFind, type OpenLog, openLog } from '../log/open-logs.ts';

export interface OpenFeed extends Omit<OpenLog, 'published'> {
  feed: Feed;
  /** All published events, in order. */
  published: readonly StoredEvent[];
  /** Appends events, and resolves when the last of them is published. */
  append(count: number, payload?: JsonObject): Promise<void>;
}

/** Opens a feed on a log, composed as in the server. */
export async function openFeed(
  uri: string,
  feedOptions: Partial<FeedOptions> = {},
  logOptions: Partial<LogOptions> = {},
): Promise<OpenFeed> {
  const published: StoredEvent[] = [];
  let publish: Feed['publish'] = () => undefined;
  const { log } = await openLog(uri, {
    onEvent(event, more) {
      published.push(event);
      publish(event, more);
      for (const waiter of waiters) waiter();
    },
    ...logOptions,
  });
  const waiters = new Set<() => void>();
  const feed = createFeed({
    reader: log.reader,
    head: log.tailer.head,
    expired: log.expired,
    logState: log.state,
    ...feedOptions,
  });
  publish = feed.publish;
  const until = (position: number) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (log.tailer.head() < position) return;
        waiters.delete(check);
        resolve();
      };
      waiters.add(check);
      check();
    });
  return {
    log,
    feed,
    published,
    until,
    async append(count, payload) {
      const events = Array.from({ length: count }, () => newEvent(payload));
      const results = await Promise.all(events.map((event) => appendAndFind(log, event)));
      await until(Math.max(...results.map(({ position }) => position)));
    },
  };
}

/** Collects events until the iterator ends. */
export function collect(events: AsyncIterable<StoredEvent>) {
  const positions: number[] = [];
  let wake: () => void = () => undefined;
  const ended = (async () => {
    for await (const { position } of events) {
      positions.push(position);
      wake();
    }
  })();
  return {
    positions,
    ended,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        wake = () => {
          if (positions.length >= count) resolve();
        };
        wake();
      }),
  };
}

export const upTo = (count: number, after = 0) =>
  Array.from({ length: count - after }, (_, index) => after + index + 1);

/** Returns the positions of the next `count` events. */
export async function take(events: AsyncIterator<StoredEvent>, count: number): Promise<number[]> {
  const positions: number[] = [];
  while (positions.length < count) {
    const { done, value } = await events.next();
    if (done) break;
    positions.push(value.position);
  }
  return positions;
}
