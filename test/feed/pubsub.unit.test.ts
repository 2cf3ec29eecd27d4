import { expect, test } from 'vitest';
import { createPubSub } from '../../src/feed/pubsub.ts';

/** Adds a subscriber that passes its items to `take`. */
function listen(
  pubsub: ReturnType<typeof createPubSub<number>>,
  topics: readonly string[],
  take: (item: number) => boolean,
) {
  const queue = pubsub.subscribe(topics, () => {
    for (let item = queue.peek(); item && take(item); item = queue.peek()) queue.shift();
  });
  return queue;
}
const of = (...topics: string[]) =>
  topics.map((topic, index) => ({ topics: [topic, '*'], item: index + 1, sizeBytes: 1 }));

test('each subscriber gets its items in order, whichever topic they come by', () => {
  const pubsub = createPubSub<number>({ capacity: 10, maxBytes: 100 });
  const got: Record<string, number[]> = { all: [], a: [], ab: [], cb: [] };
  const topics = { all: ['*'], a: ['a'], ab: ['a', 'b'], cb: ['c', 'b'] };
  for (const [name, some] of Object.entries(topics)) {
    listen(pubsub, some, (item) => (got[name]?.push(item) ?? 0) > 0);
  }
  pubsub.publish(of('a', 'b', 'a', 'c', 'b'));
  expect(got).toEqual({ all: [1, 2, 3, 4, 5], a: [1, 3], ab: [1, 2, 3, 5], cb: [2, 4, 5] });
  pubsub.publish(of('b'));
  expect(got.ab).toEqual([1, 2, 3, 5, 1]);
});

test('all items of one subscriber are delivered before those of the next', () => {
  const pubsub = createPubSub<number>({ capacity: 10, maxBytes: 100 });
  const order: string[] = [];
  for (const name of ['x', 'y']) listen(pubsub, ['a'], (item) => order.push(name + item) > 0);
  pubsub.publish(of('a', 'a'));
  expect(order).toEqual(['x1', 'x2', 'y1', 'y2']);
});

test('a subscriber that stops taking keeps within its bounds, and knows its first missed item', () => {
  const pubsub = createPubSub<number>({ capacity: 2, maxBytes: 100 });
  const got: number[] = [];
  const slow = listen(pubsub, ['a'], (item) => item === 1);
  listen(pubsub, ['a'], (item) => got.push(item) > 0);
  pubsub.publish(of('a', 'a', 'a', 'a', 'a'));
  expect([slow.shift(), slow.shift(), slow.shift()]).toEqual([2, 3, undefined]);
  expect(slow.refused).toBe(4);
  expect(got).toEqual([1, 2, 3, 4, 5]);
  expect(pubsub.size()).toBe(1);
});

test('a subscriber that ends during delivery gets nothing more', () => {
  const pubsub = createPubSub<number>({ capacity: 10, maxBytes: 100 });
  const got: number[] = [];
  listen(pubsub, ['a'], () => {
    second.end();
    return true;
  });
  const second = listen(pubsub, ['a', 'b'], (item) => got.push(item) > 0);
  pubsub.publish(of('a', 'b', 'a'));
  expect(got).toEqual([]);
  expect(pubsub.size()).toBe(1);
});
