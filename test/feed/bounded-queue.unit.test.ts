import { expect, test } from 'vitest';
import { createBoundedQueue } from '../../src/feed/bounded-queue.ts';

function open(bounds = { capacity: 3, maxBytes: 100 }) {
  let ends = 0;
  const queue = createBoundedQueue<string>(bounds, () => {
    ends += 1;
  });
  return { queue, ends: () => ends };
}

test.each([
  ['items', [1, 1, 1], 1],
  ['bytes', [50, 50], 1],
  ['bytes by far', [10], 1_000],
])(
  'full of %s, it refuses the next item, ends, and still returns what it holds',
  (_, held, next) => {
    const { queue, ends } = open();
    for (const [index, size] of held.entries()) expect(queue.push(String(index), size)).toBe(true);
    expect(queue.refused()).toBeUndefined();
    expect(queue.push('too much', next)).toBe(false);
    expect([queue.refused(), ends()]).toEqual(['too much', 1]);
    expect(queue.push('later', 1)).toBe(false);
    for (const index of held.keys()) {
      expect(queue.shift()).toBe(String(index));
    }
    expect(queue.shift()).toBeUndefined();
    expect([queue.hasEnded(), ends()]).toEqual([true, 1]);
  },
);

test('an item larger than the bound is accepted alone into an empty queue', () => {
  const { queue } = open();
  expect(queue.push('large', 1_000)).toBe(true);
  expect(queue.shift()).toBe('large');
  expect(queue.push('large again', 1_000)).toBe(true);
  expect(queue.push('small', 1)).toBe(false);
});

test('taken items make room for new ones, repeatedly', () => {
  const { queue } = open();
  for (let index = 0; index < 50; index += 1) {
    expect(queue.push(`a${index}`, 60)).toBe(true);
    expect(queue.push(`b${index}`, 40)).toBe(true);
    expect(queue.shift()).toBe(`a${index}`);
    expect(queue.shift()).toBe(`b${index}`);
  }
  expect(queue.refused()).toBeUndefined();
});

test('drained items do not count, until one is refused and queued', async () => {
  const { queue } = open();
  queue.push('a', 50);
  const taken: string[] = [];
  const drained = queue.drain((item) => item !== 'd' && taken.push(item) > 0);
  for (const item of ['b', 'c', 'd']) expect(queue.push(item, 1_000)).toBe(true);
  await drained;
  expect(taken).toEqual(['a', 'b', 'c']);
  expect(queue.push('e', 1)).toBe(false);
  expect([queue.shift(), queue.shift()]).toEqual(['d', undefined]);
});

test('the consumer may end the queue while it drains, which ends the drain', async () => {
  const { queue, ends } = open();
  for (const item of ['a', 'b']) queue.push(item, 1);
  const taken: string[] = [];
  await queue.drain((item) => {
    taken.push(item);
    queue.end();
    return true;
  });
  expect([taken, queue.shift(), ends()]).toEqual([['a'], undefined, 1]);
});

test('drop discards queued and refused items, and returns the first', () => {
  const { queue, ends } = open();
  expect([queue.drop(), queue.hasEnded()]).toEqual([undefined, false]);
  for (const item of ['a', 'b']) queue.push(item, 1);
  expect([queue.drop(), queue.shift(), queue.refused(), ends()]).toEqual([
    'a',
    undefined,
    undefined,
    1,
  ]);
  const full = open().queue;
  for (const item of ['a', 'b', 'c', 'd']) full.push(item, 1);
  for (let index = 0; index < 3; index += 1) full.shift();
  expect([full.drop(), full.refused()]).toEqual(['d', undefined]);
});

test('end discards queued items, and resolves the drain', async () => {
  const { queue, ends } = open();
  queue.push('a', 1);
  queue.end();
  expect([queue.shift(), queue.refused(), queue.push('b', 1), ends()]).toEqual([
    undefined,
    undefined,
    false,
    1,
  ]);
  const drained = open().queue;
  const end = drained.drain(() => true);
  drained.end();
  await end;
});
