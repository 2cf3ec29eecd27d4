import { expect, test } from 'vitest';
import { createFairQueue } from '../../src/memory/create-fair-queue.ts';

/** A queue for one piece of work at once, whose pieces end on demand. */
function openQueue(maxWaiting: number) {
  const queue = createFairQueue({ atOnce: 1, maxWaiting }, () => new Error('full'));
  const begun: string[] = [];
  const refused: string[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    refused,
    /** Adds a piece of work, named after its viewer and a number. */
    add(name: string) {
      const work = () => {
        begun.push(name);
        return new Promise<void>((end) => ends.push(end));
      };
      queue.run(name.charAt(0), work).catch(() => refused.push(name));
    },
    /** Ends the running work, and lets the next one begin. */
    async end() {
      await new Promise(setImmediate);
      ends.shift()?.();
      await new Promise(setImmediate);
    },
  };
}

test('viewers take turns, whatever number each of them waits for', async () => {
  const { add, end, begun } = openQueue(10);
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']) add(name);
  for (let ended = 0; ended < 7; ended += 1) await end();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  add('a5');
  await new Promise(setImmediate);
  expect(begun.at(-1)).toBe('a5');
});

test('in a full queue, the viewer with the most waiting work is refused', async () => {
  const { add, end, begun, refused } = openQueue(4);
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) add(name);
  await new Promise(setImmediate);
  expect(refused).toEqual(['a6']);
  add('b1');
  add('b2');
  // As many as the other viewer has.
  add('b3');
  await new Promise(setImmediate);
  expect(refused.toSorted()).toEqual(['a4', 'a5', 'a6', 'b3']);
  for (let ended = 0; ended < 5; ended += 1) await end();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
});

test('work that fails makes room for the next', async () => {
  const queue = createFairQueue({ atOnce: 1, maxWaiting: 1 }, () => new Error('full'));
  const failing = queue.run('a', () => Promise.reject(new Error('broken')));
  const next = queue.run('a', async () => 'done');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('done');
});
