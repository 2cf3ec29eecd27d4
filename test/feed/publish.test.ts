import { expect, test } from 'vitest';
import { Semaphore } from '../../src/feed/semaphore.ts';
import type { FeedItem } from '../../src/feed/source.ts';
import { emptyDatabase } from '../log/open-logs.ts';
import { openFeed, upTo } from './open-feed.ts';

/** Returns the next items: positions, and `caught up N`. */
async function take(items: AsyncIterator<FeedItem>, count: number) {
  const taken: (number | string)[] = [];
  while (taken.length < count) {
    const { done, value } = await items.next();
    if (done) break;
    taken.push('caughtUpAt' in value ? `caught up ${value.caughtUpAt}` : value.position);
  }
  return taken;
}

test('a subscriber that falls behind and catches up gets one mark', async () => {
  const options = { capacity: 5, pageSize: 3 };
  const { feed, append } = await openFeed(await emptyDatabase(), options);
  await append(4);
  const items = feed.follow({}, 0);
  expect(await take(items, 5)).toEqual([...upTo(4), 'caught up 4']);
  await append(40);
  expect(feed.size()).toBe(0);
  expect(await take(items, 40)).toEqual(upTo(44, 4));
  const live = take(items, 2);
  await append(2);
  expect(await live).toEqual([45, 46]);
  expect(feed.size()).toBe(1);
  await items.return?.();
});

test('one that falls behind before its first read gets the mark first, and misses nothing', async () => {
  const { feed, append } = await openFeed(await emptyDatabase(), { capacity: 5, pageSize: 3 });
  await append(2);
  const items = feed.follow({}, 2);
  await append(20);
  expect(await take(items, 21)).toEqual(['caught up 2', ...upTo(22, 2)]);
  await items.return?.();
});

test('with several pending next() calls the mark comes in its place', async () => {
  const { feed, append } = await openFeed(await emptyDatabase(), { pageSize: 2 });
  await append(3);
  const items = feed.follow({}, 0);
  const five = Promise.all(upTo(5).map(() => items.next()));
  await append(1);
  const got = (await five).map(({ value }) => value);
  expect(got.findIndex((item) => item && 'caughtUpAt' in item)).toBeGreaterThan(2);
  expect(got.flatMap((item) => (item && 'position' in item ? item.position : []))).toEqual(upTo(4));
  await items.return?.();
});

test("a connection's memory budget passes the mark on, and is released", async () => {
  const { feed, append } = await openFeed(await emptyDatabase());
  await append(2);
  const budget = new Semaphore(1);
  const items = feed.follow({}, 0, { budget });
  const others = feed.follow({}, 2, { budget });
  expect(await take(items, 3)).toEqual([1, 2, 'caught up 2']);
  expect(await take(others, 1)).toEqual(['caught up 2']);
  await append(1);
  expect(await take(items, 1)).toEqual([3]);
  await items.return?.();
  expect(await take(others, 1)).toEqual([3]);
  await others.return?.();
  expect(feed.open()).toBe(0);
});

test('a subscription that ends before it has caught up gets no mark', async () => {
  const { feed, append } = await openFeed(await emptyDatabase());
  await append(2);
  const items = feed.follow({}, 0);
  await items.return?.();
  expect(await items.next()).toEqual({ done: true, value: undefined });
});
