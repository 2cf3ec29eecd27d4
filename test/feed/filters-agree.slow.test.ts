import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FeedItem } from '../../src/feed/source.ts';
import { emptyDatabase } from '../log/open-logs.ts';
import { anyFilter, anyWideFilter, matchesFilter, someEvents } from '../log/some-events.ts';
import { testSignal } from '../utils/test-signal.ts';
import { openFeed } from './open-feed.ts';

const STORED = 300;
const LIVE = 300;
const FILTERS = 300;
const SEED = 11;

/** Returns the positions up to the mark that the subscription is caught up. */
async function untilCaughtUp(items: AsyncIterator<FeedItem>): Promise<number[]> {
  const signal = testSignal();
  const positions: number[] = [];
  for (;;) {
    signal.throwIfAborted();
    const { done, value } = await items.next();
    if (done) throw new Error('it ended');
    if ('caughtUpAt' in value) return positions;
    positions.push(value.position);
  }
}

/** Takes `least` events of a live subscription, and those queued after them. */
async function takeWaiting(items: AsyncIterator<FeedItem>, least: number): Promise<number[]> {
  const signal = testSignal();
  const positions: number[] = [];
  for (;;) {
    signal.throwIfAborted();
    const next = items.next();
    const nothing = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
    const result = await (positions.length < least ? next : Promise.race([next, nothing]));
    if (result === undefined) return positions;
    if (result.done || 'caughtUpAt' in result.value) throw new Error('no event');
    positions.push(result.value.position);
  }
}

test(`${FILTERS} random filters match the same events in a query, a count, a replay and live`, async () => {
  const { log, feed, published, until } = await openFeed(await emptyDatabase());
  const events = someEvents(STORED + LIVE, SEED);
  const append = async (from: number, to: number) => {
    await Promise.all(events.slice(from, to).map((event) => log.appender.append(event, 200)));
    await until(to);
  };
  await append(0, STORED);
  const filters = fc.sample(fc.oneof(anyFilter, anyWideFilter), { numRuns: FILTERS, seed: SEED });
  const subscriptions: AsyncIterableIterator<FeedItem>[] = [];
  for (const filter of filters) {
    const subscription = feed.follow(filter, STORED);
    subscriptions.push(subscription);
    expect(await subscription.next()).toEqual({ done: false, value: { caughtUpAt: STORED } });
  }
  await append(STORED, STORED + LIVE);

  let matched = 0;
  for (const [index, filter] of filters.entries()) {
    const expected = published.filter((event) => matchesFilter(filter, event)).map(positionOf);
    matched += Math.min(1, expected.length);
    const span = { after: 0, upTo: STORED + LIVE };
    for (const direction of ['forward', 'backward'] as const) {
      const page = await log.reader.read(span, { filter, limit: STORED + LIVE, direction });
      expect(page.events.map(positionOf), JSON.stringify(filter)).toEqual(expected);
    }
    const counted = await log.statistics.counts({
      ...{ filter, by: [], timeZone: 'UTC', distinct: new Set<never>() },
      limits: { maxBuckets: 10, maxAnswerBytes: 1_000_000_000, statisticsTimeoutMs: 60_000 },
    });
    expect(counted.result, JSON.stringify(filter)).toEqual([{ keys: {}, count: expected.length }]);
    const replay = feed.follow(filter, 0);
    expect(await untilCaughtUp(replay), JSON.stringify(filter)).toEqual(expected);
    await replay.return?.();
    const live = subscriptions[index] as AsyncIterableIterator<FeedItem>;
    const sinceThen = expected.filter((position) => position > STORED);
    const taken = await takeWaiting(live, sinceThen.length);
    expect(taken, JSON.stringify(filter)).toEqual(sinceThen);
    await live.return?.();
  }
  // Filters that match nothing would prove nothing.
  expect(matched).toBeGreaterThan(FILTERS / 4);
  expect(matched).toBeLessThan(FILTERS);
});

const positionOf = ({ position }: { position: number }) => position;
