import { expect, test } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { sizeOf } from '../../src/catalog/size-of.ts';
import { Semaphore } from '../../src/feed/semaphore.ts';
import { newEvent } from '../log/new-event.ts';
import { freshDatabase } from '../utils/database.ts';
import { openFeed, take, upTo } from './open-feed.ts';

const SIZE = sizeOf(newEvent());

/** Returns which promises have settled after all pending work. */
async function settled(pending: Promise<IteratorResult<StoredEvent>>[]) {
  await new Promise(setImmediate);
  const open = Symbol('open');
  const now = await Promise.all(pending.map((each) => Promise.race([each, open])));
  return now.map((each) => (each === open ? 'waits' : (each as { done: boolean }).done));
}

test('an event for many subscribers is delivered to as many as the budget allows, then to the next', async () => {
  const { feed, append } = await openFeed((await freshDatabase()).uri);
  const budget = new Semaphore(2.5 * SIZE);
  const paced = upTo(5).map(() => feed.subscribe({}, 0, { budget }));
  const first = paced.map((events) => events.next());
  await append(1);
  expect(await settled(first)).toEqual([false, false, 'waits', 'waits', 'waits']);
  // A request for the next event releases the last one.
  const second = paced.slice(0, 1).map((events) => events.next());
  expect(await settled(first)).toEqual([false, false, false, 'waits', 'waits']);
  // return() releases held memory, or a place in the queue.
  await paced[3]?.return?.();
  expect(await settled(first)).toEqual([false, false, false, true, 'waits']);
  await paced[1]?.return?.();
  expect(await settled(first)).toEqual([false, false, false, true, false]);
  await append(1);
  await Promise.all([paced[2], paced[4]].map((events) => events?.return?.()));
  expect((await second[0])?.value?.position).toBe(2);
  await paced[0]?.return?.();
  expect(feed.open()).toBe(0);
});

test('an event larger than the budget is delivered alone', async () => {
  const { feed, append } = await openFeed((await freshDatabase()).uri);
  const budget = new Semaphore(SIZE / 2);
  const paced = upTo(2).map(() => feed.subscribe({}, 0, { budget }));
  await append(3);
  const [one, other] = paced;
  if (!one || !other) throw new Error('two were made');
  expect(await take(one, 3)).toEqual(upTo(3));
  const waiting = other.next();
  expect(await settled([waiting])).toEqual(['waits']);
  await one.return?.();
  expect(await settled([waiting])).toEqual([false]);
  expect(await take(other, 2)).toEqual([2, 3]);
  await other.return?.();
  expect(await other.next()).toEqual({ done: true, value: undefined });
  expect(feed.open()).toBe(0);
});
