import { expect, test } from 'vitest';
import { createBoundedQueue } from '../../src/feed/bounded-queue.ts';

const DONE = { done: true, value: undefined };

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
])('full of %s it refuses the next one and ends, and gives what it has', async (_, held, next) => {
  const { queue, ends } = open();
  for (const [index, size] of held.entries()) expect(queue.push(String(index), size)).toBe(true);
  expect(queue.refused()).toBeUndefined();
  expect(queue.push('too much', next)).toBe(false);
  expect([queue.refused(), ends()]).toEqual(['too much', 1]);
  expect(queue.push('later', 1)).toBe(false);
  for (const index of held.keys()) {
    expect(await queue.next()).toEqual({ done: false, value: String(index) });
  }
  expect(await queue.next()).toEqual(DONE);
  expect(ends()).toBe(1);
});

test('one that is larger than the bound is taken where nothing waits, and alone', async () => {
  const { queue } = open();
  expect(queue.push('large', 1_000)).toBe(true);
  expect(await queue.next()).toEqual({ done: false, value: 'large' });
  expect(queue.push('large again', 1_000)).toBe(true);
  expect(queue.push('small', 1)).toBe(false);
});

test('what is taken makes room, over and over', async () => {
  const { queue } = open();
  for (let index = 0; index < 50; index += 1) {
    expect(queue.push(`a${index}`, 60)).toBe(true);
    expect(queue.push(`b${index}`, 40)).toBe(true);
    expect((await queue.next()).value).toBe(`a${index}`);
    expect((await queue.next()).value).toBe(`b${index}`);
  }
  expect(queue.refused()).toBeUndefined();
});

test('what a waiting consumer gets at once counts for nothing', async () => {
  const { queue } = open();
  const waiting = [queue.next(), queue.next()];
  expect(queue.push('a', 1_000)).toBe(true);
  expect(queue.push('b', 1_000)).toBe(true);
  expect((await Promise.all(waiting)).map(({ value }) => value)).toEqual(['a', 'b']);
  expect(queue.push('c', 100)).toBe(true);
});

test('a return frees what waits', async () => {
  const { queue, ends } = open();
  queue.push('a', 1);
  expect(await queue.return()).toEqual(DONE);
  expect(await queue.next()).toEqual(DONE);
  expect([queue.refused(), ends()]).toEqual([undefined, 1]);
});
