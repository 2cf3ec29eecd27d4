import { expect, test } from 'vitest';
import { createWorkSlices } from '../../src/memory/work-slices.ts';

const TURN_BYTES = 256;
const SLICE_BYTES = 64;

/** Counts the bytes of each turn of the event loop until `work` is done. */
async function bytesPerTurn(work: (count: (bytes: number) => void) => Promise<unknown>) {
  const turns = [0];
  let isDone = false;
  const turn = () => {
    turns.push(0);
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await work((bytes) => {
    turns[turns.length - 1] = (turns.at(-1) ?? 0) + bytes;
  });
  isDone = true;
  return turns;
}

test('tasks that begin together share the bytes of each turn', async () => {
  const slices = createWorkSlices(TURN_BYTES, SLICE_BYTES);
  const turns = await bytesPerTurn((count) =>
    Promise.all(
      Array.from({ length: 20 }, async () => {
        const task = slices.open();
        for (let piece = 0; piece < 100; piece += 1) {
          count(10);
          await task.spend(10);
        }
      }),
    ),
  );
  expect(turns.reduce((sum, bytes) => sum + bytes)).toBe(20 * 100 * 10);
  // Each of the 20 tasks may handle one slice before it counts.
  expect(Math.max(...turns)).toBeLessThanOrEqual(TURN_BYTES + 20 * (SLICE_BYTES + 10));
  // From the second turn on, one waiting task continues.
  expect(Math.max(...turns.slice(2))).toBeLessThanOrEqual(TURN_BYTES + SLICE_BYTES + 10);
  expect(slices.waits()).toBeGreaterThan((20 * 100 * 10 - 20 * SLICE_BYTES) / (TURN_BYTES * 2));
});

test('waiting tasks continue in the order in which they began to wait', async () => {
  const slices = createWorkSlices(TURN_BYTES, SLICE_BYTES);
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3].map(async (name) => {
      const task = slices.open();
      for (let round = 0; round < 3; round += 1) {
        await task.spend(TURN_BYTES);
        order.push(name);
      }
    }),
  );
  expect(order).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test('small tasks never wait', () => {
  const slices = createWorkSlices(TURN_BYTES, SLICE_BYTES);
  void slices.open().spend(10 * TURN_BYTES);
  for (let count = 0; count < 100; count += 1) {
    expect(slices.open().spend(SLICE_BYTES - 1)).toBeUndefined();
  }
  expect(slices.waits()).toBe(1);
});
