import { expect, test } from 'vitest';
import { freshDatabase } from '../utils/database.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { collect, openFeed, take, upTo } from './open-feed.ts';

const DONE = { done: true, value: undefined };

test('return() settles a next() that waits for a live event', async () => {
  const { feed } = await openFeed((await freshDatabase()).uri);
  const subscription = feed.subscribe({}, 0);
  const pending = [subscription.next(), subscription.next()];
  expect(await subscription.return?.()).toEqual(DONE);
  expect(await Promise.all(pending)).toEqual([DONE, DONE]);
  expect(await subscription.next()).toEqual(DONE);
  expect(await subscription.return?.()).toEqual(DONE);
  expect(feed.size()).toBe(0);
});

test('return() settles a next() that waits for the log while the database does not answer', async () => {
  const proxy = await startDatabaseProxy((await freshDatabase()).uri);
  const { log, feed, append } = await openFeed(proxy.uri);
  await append(3);
  const subscription = feed.subscribe({}, 0);
  const held = proxy.hold('$lte');
  const pending = [subscription.next(), subscription.next()];
  await held;
  await subscription.return?.();
  expect(await Promise.all(pending)).toEqual([DONE, DONE]);
  expect(feed.size()).toBe(0);
  proxy.release();
  await log.close();
  await proxy.close();
});

test('throw() ends the subscription too', async () => {
  const { feed } = await openFeed((await freshDatabase()).uri);
  const subscription = feed.subscribe({}, 0);
  const pending = subscription.next();
  await expect(subscription.throw?.(new Error('enough'))).rejects.toThrow('enough');
  expect(await pending).toEqual(DONE);
  expect(feed.size()).toBe(0);
});

test('several pending next() calls get one event each, in order, replayed and live', async () => {
  const { feed, append } = await openFeed((await freshDatabase()).uri, { pageSize: 2 });
  await append(5);
  const subscription = feed.subscribe({}, 0);
  const eight = Promise.all(upTo(8).map(() => subscription.next()));
  await append(4);
  expect((await eight).map(({ value }) => value?.position)).toEqual(upTo(8));
  expect(await take(subscription, 1)).toEqual([9]);
  await subscription.return?.();
});

test.each([
  ['types', { types: [] }],
  ['users', { userIds: [], types: ['unknown'] }],
  ['installations', { installationIds: [] }],
  ['specialities', { specialities: [] }],
  ['type that has what it asks for', { types: ['unknown'], professionalIds: [5] }],
  ['instant', { receivedAt: { from: new Date(0), until: new Date(0) } }],
])('a filter with no %s delivers nothing, and ends on return()', async (_, filter) => {
  const { feed, append } = await openFeed((await freshDatabase()).uri);
  await append(3);
  const subscriptions = [feed.subscribe(filter, 0), feed.subscribe(filter, 3)];
  const collected = subscriptions.map(collect);
  const all = feed.subscribe({}, 0);
  await append(3);
  expect(await take(all, 6)).toEqual(upTo(6));
  await Promise.all([all, ...subscriptions].map((subscription) => subscription.return?.()));
  for (const { positions, ended } of collected) {
    await ended;
    expect(positions).toEqual([]);
  }
  expect(feed.size()).toBe(0);
});
