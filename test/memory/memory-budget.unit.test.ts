import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryBudget } from '../../src/memory/memory-budget.ts';

const limits = { maxPageBytes: 100, maxAnswerBytes: 300, maxAnsweringBytes: 250 };
const sizeOf = (bytes: number) => bytes;

function deferred() {
  let settle: (bytes: number) => void = () => undefined;
  const promise = new Promise<number>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
const settled = () => new Promise(setImmediate);

describe('memory for results', () => {
  test('is reserved before a read, and held until it is released', async () => {
    const budget = createMemoryBudget(limits);
    const operation = budget.open();
    const read = deferred();
    const result = operation.read(() => read.promise, sizeOf);
    await settled();
    expect(budget.heldBytes()).toBe(100);
    read.settle(30);
    expect(await result).toBe(30);
    expect(budget.heldBytes()).toBe(30);
    operation.release();
    expect(budget.heldBytes()).toBe(0);
  });

  test('delays a read while others hold all of it', async () => {
    const budget = createMemoryBudget(limits);
    const [one, two] = [budget.open(), budget.open()];
    await one.read(async () => 200, sizeOf);
    let isRead = false;
    const waiting = two.read(async () => {
      isRead = true;
      return 10;
    }, sizeOf);
    await settled();
    expect(isRead).toBe(false);
    one.release();
    expect(await waiting).toBe(10);
    two.release();
    expect(budget.heldBytes()).toBe(0);
  });

  test('resolves mutual waits, oldest operation first', async () => {
    const budget = createMemoryBudget(limits);
    const operations = [budget.open(), budget.open()];
    for (const operation of operations) await operation.read(async () => 100, sizeOf);
    const done = await Promise.all(
      operations.map(async (operation, index) => {
        await operation.read(async () => 100, sizeOf);
        operation.release();
        return index;
      }),
    );
    expect(done).toEqual([0, 1]);
    expect(budget.heldBytes()).toBe(0);
  });

  test('allows one item larger than the limit, and no second one', async () => {
    const budget = createMemoryBudget(limits);
    const operation = budget.open();
    expect(await operation.read(async () => 5_000, sizeOf)).toBe(5_000);
    await expect(operation.read(async () => 1, sizeOf)).rejects.toMatchObject({
      code: 'RESPONSE_TOO_LARGE',
    });
    operation.release();
    expect(budget.heldBytes()).toBe(0);
  });

  test('is not held by a failed read or a disconnected client', async () => {
    const budget = createMemoryBudget(limits);
    const operation = budget.open();
    await expect(
      operation.read(async () => Promise.reject(new Error('x')), sizeOf),
    ).rejects.toThrow('x');
    expect(budget.heldBytes()).toBe(0);
    const read = deferred();
    const result = operation.read(() => read.promise, sizeOf);
    operation.release();
    read.settle(50);
    await result;
    expect(budget.heldBytes()).toBe(0);
  });
});

describe('with a fake clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('a read that waits too long is refused, and the next one is served', async () => {
    const budget = createMemoryBudget(limits);
    const [one, two] = [budget.open(), budget.open()];
    await one.read(async () => 200, sizeOf);
    const refused = expect(two.read(async () => 10, sizeOf)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
    one.release();
    expect(await two.read(async () => 10, sizeOf)).toBe(10);
  });
});
