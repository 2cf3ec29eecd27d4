import { expect, test } from 'vitest';
import { sizeOf } from '../../src/catalog/size-of.ts';
import { createFeed } from '../../src/feed/feed.ts';
import type { LogReader } from '../../src/log/read/log-reader.ts';
import { newEvent } from '../log/new-event.ts';
import { freshDatabase } from '../utils/database.ts';
import { collect, openFeed, take, upTo } from './open-feed.ts';

const CAPACITY = 10;

test('a stalled subscriber leaves the live path, catches up exactly, and is live again', async () => {
  const options = { capacity: CAPACITY, pageSize: 7 };
  const { feed, append } = await openFeed((await freshDatabase()).uri, options);
  const stalled = feed.subscribe({}, 0);
  const others = [feed.subscribe({}, 0), feed.subscribe({ types: ['unknown'] }, 0)];
  const quick = others.map(collect);
  await append(2);
  expect(await take(stalled, 1)).toEqual([1]);

  await append(100);
  await Promise.all(quick.map(({ until }) => until(102)));
  for (const { positions } of quick) expect(positions).toEqual(upTo(102));
  // The stalled subscriber has left its topics, so it costs only what it holds.
  expect(feed.size()).toBe(others.length);

  expect(await take(stalled, 101)).toEqual(upTo(102, 1));
  const live = take(stalled, 3);
  await append(3);
  expect(await live).toEqual(upTo(105, 102));
  await append(5);
  expect(await take(stalled, 5)).toEqual(upTo(110, 105));
  expect(feed.size()).toBe(others.length + 1);
  await Promise.all([stalled, ...others].map((iterator) => iterator.return?.()));
  expect(feed.size()).toBe(0);
});

test.each([CAPACITY - 1, CAPACITY, CAPACITY + 1, 3 * CAPACITY])(
  'with a queue of %i all events arrive once and in order',
  async (waiting) => {
    const options = { capacity: CAPACITY };
    const { feed, append } = await openFeed((await freshDatabase()).uri, options);
    const subscription = feed.subscribe({}, 0);
    await append(waiting);
    expect(feed.size()).toBe(waiting > CAPACITY ? 0 : 1);
    expect(await take(subscription, waiting)).toEqual(upTo(waiting));
    const next = take(subscription, 1);
    await append(1);
    expect(await next).toEqual([waiting + 1]);
    await subscription.return?.();
  },
);

test('slow subscribers whose queues have no memory left read everything from the log', async () => {
  const maxQueuedBytes = 5.5 * sizeOf(newEvent());
  const { feed, append } = await openFeed((await freshDatabase()).uri, { maxQueuedBytes });
  const subscriptions = Array.from({ length: 3 }, () => feed.subscribe({}, 0));
  await append(4);
  expect(feed.size()).toBe(3);
  await append(20);
  expect(feed.size()).toBe(0);
  for (const one of subscriptions) expect(await take(one, 24)).toEqual(upTo(24));
  await Promise.all(subscriptions.map((one) => one.return?.()));
});

const LARGE = { text: 'x'.repeat(10_000) };
const SIZE = sizeOf(newEvent(LARGE));

test.each([1, 2, 3, 30])(
  'with a queue of %i large events, three exceed the bound',
  async (waiting) => {
    const options = { capacity: 1_000, maxBytes: 2.5 * SIZE };
    const { feed, append } = await openFeed((await freshDatabase()).uri, options);
    const subscription = feed.subscribe({}, 0);
    await append(waiting, LARGE);
    expect([feed.size(), feed.open()]).toEqual([waiting > 2 ? 0 : 1, 1]);
    expect(await take(subscription, waiting)).toEqual(upTo(waiting));
    const next = take(subscription, 2);
    await append(2, LARGE);
    expect(await next).toEqual([waiting + 1, waiting + 2]);
    expect([feed.size(), feed.open()]).toEqual([1, 1]);
    await subscription.return?.();
    expect([feed.size(), feed.open()]).toEqual([0, 0]);
  },
);

test('all events arrive once and in order, even if each exceeds the bound', async () => {
  const options = { maxBytes: 100 };
  const { feed, append } = await openFeed((await freshDatabase()).uri, options);
  const replayed = feed.subscribe({}, 0);
  const got = collect(feed.subscribe({}, 0));
  await append(20, LARGE);
  await got.until(20);
  await append(20, LARGE);
  await got.until(40);
  expect(got.positions).toEqual(upTo(40));
  expect(await take(replayed, 40)).toEqual(upTo(40));
});

test('a replay reads pages within their byte limit', async () => {
  const { log, append } = await openFeed((await freshDatabase()).uri);
  await append(30, LARGE);
  await append(100);
  const pages: { limit: number; events: number; bytes: number }[] = [];
  const reader: LogReader = {
    ...log.reader,
    async read(span, options) {
      const result = await log.reader.read(span, options);
      const bytes = result.events.reduce((sum, event) => sum + sizeOf(event), 0);
      pages.push({ limit: options.limit, events: result.events.length, bytes });
      return result;
    },
  };
  const bounds = { pageSize: 64, maxBytes: 3.5 * SIZE };
  const feed = createFeed({ reader, head: log.tailer.head, expired: log.expired, ...bounds });
  const replayed = feed.subscribe({}, 0);
  expect(await take(replayed, 130)).toEqual(upTo(130));
  for (const { bytes } of pages) expect(bytes).toBeLessThanOrEqual(bounds.maxBytes);
  // The estimate adapts to large events, and back to small ones.
  const large = pages.slice(1, 10);
  expect(large.map(({ limit }) => limit)).toEqual(large.map(() => 6));
  expect(pages.at(-1)?.limit).toBe(64);
  await replayed.return?.();
});
