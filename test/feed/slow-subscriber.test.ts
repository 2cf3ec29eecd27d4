import { expect, test } from 'vitest';
import { freshDatabase } from '../utils/database.ts';
import { collect, openFeed, take, upTo } from './open-feed.ts';

const CAPACITY = 10;

test('one that stalls leaves the live path, catches up exactly, and is live again', async () => {
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
  // Its place in the topics is given up, so that it costs no more than what it holds.
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
  'with %i waiting, all come once and in order',
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
