import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryBudget, type MemoryBudget } from '../../src/memory/memory-budget.ts';

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

  test('is not held for a client that has gone, whatever is read afterwards', async () => {
    const budget = createMemoryBudget(limits);
    const operation = budget.open();
    await operation.read(async () => 30, sizeOf);
    const late = deferred();
    const reading = operation.read(() => late.promise, sizeOf);
    operation.end();
    late.settle(40);
    expect(await reading).toBe(40);
    const gone = { code: 'SERVICE_UNAVAILABLE' };
    await expect(operation.read(async () => 50, sizeOf)).rejects.toMatchObject(gone);
    await expect(operation.hold(60)).rejects.toMatchObject(gone);
    expect(operation.tryHold(70)).toBe(false);
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

describe('viewers', () => {
  const open = (budget: MemoryBudget, viewer: string) => budget.open({ viewer });
  const isSettled = async (promise: Promise<unknown>) => {
    const race = await Promise.race([promise.then(() => true), settled().then(() => false)]);
    return race;
  };

  test('a viewer holds at most half, and others do not wait for that viewer', async () => {
    const budget = createMemoryBudget({ ...limits, maxAnsweringBytes: 400 });
    const [greedy, again] = [open(budget, 'greedy'), open(budget, 'greedy')];
    await greedy.read(async () => 150, sizeOf);
    const waiting = again.read(async () => 10, sizeOf);
    expect(await isSettled(waiting)).toBe(false);
    const other = open(budget, 'other');
    expect(await other.read(async () => 20, sizeOf)).toBe(20);
    expect(await isSettled(waiting)).toBe(false);
    greedy.release();
    expect(await waiting).toBe(10);
    again.release();
    other.release();
    expect(budget.heldBytes()).toBe(0);
  });

  test('reads of one viewer are served in order, including small ones', async () => {
    const budget = createMemoryBudget({ ...limits, maxAnsweringBytes: 400 });
    const holder = open(budget, 'one');
    await holder.read(async () => 150, sizeOf);
    const done: string[] = [];
    const large = open(budget, 'one').read(async () => 90, sizeOf);
    const small = open(budget, 'one').read(async () => 5, sizeOf, 10);
    void large.then(() => done.push('large'));
    void small.then(() => done.push('small'));
    await settled();
    expect(done).toEqual([]);
    holder.release();
    await Promise.all([large, small]);
    expect(done).toEqual(['large', 'small']);
  });

  test('a viewer may hold a single item larger than the share', async () => {
    const budget = createMemoryBudget(limits);
    const operation = open(budget, 'one');
    expect(await operation.read(async () => 240, sizeOf)).toBe(240);
    operation.release();
    expect(budget.heldBytes()).toBe(0);
  });
});

test('waiting requests end with their operation, and block no other', async () => {
  const budget = createMemoryBudget(limits);
  const [one, left, next] = [budget.open(), budget.open(), budget.open()];
  await one.read(async () => 200, sizeOf);
  let reads = 0;
  const read = async () => {
    reads += 1;
    return 10;
  };
  const waiting = left.read(read, sizeOf);
  const behind = next.read(async () => 10, sizeOf, 20);
  left.release();
  await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(await behind).toBe(10);
  one.release();
  next.release();
  await settled();
  expect(reads).toBe(0);
  expect(budget.heldBytes()).toBe(0);
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

  test('a subscription waits without a limit', async () => {
    const budget = createMemoryBudget(limits);
    const [one, stream] = [budget.open(), budget.open()];
    stream.waitForever();
    await one.read(async () => 200, sizeOf);
    const waiting = stream.read(async () => 10, sizeOf);
    await vi.advanceTimersByTimeAsync(60_000);
    one.release();
    expect(await waiting).toBe(10);
  });

  test('complete results that are not taken are reclaimed when others wait, largest first', async () => {
    const budget = createMemoryBudget(limits);
    const reclaimed: string[] = [];
    const hold = (name: string, bytes: number) => {
      const operation = budget.open({
        viewer: name,
        reclaim() {
          reclaimed.push(name);
          operation.release();
        },
      });
      expect(operation.hold(bytes)).toBeUndefined();
    };
    hold('small', 20);
    hold('large', 120);
    hold('next', 60);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reclaimed).toEqual([]);
    const waiting = budget.open().read(async () => 10, sizeOf, 100);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waiting).toBe(10);
    expect(reclaimed).toEqual(['large']);
  });

  test('results that are being read or were just answered are not reclaimed', async () => {
    const budget = createMemoryBudget(limits);
    const reclaim = vi.fn();
    const reading = budget.open({ viewer: undefined, reclaim });
    await reading.read(async () => 100, sizeOf);
    const answered = budget.open({ viewer: undefined, reclaim });
    const waiting = budget.open().read(async () => 10, sizeOf, 200);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await vi.advanceTimersByTimeAsync(7_000);
    expect(answered.hold(100)).toBeInstanceOf(Promise);
    await vi.advanceTimersByTimeAsync(3_000);
    await refused;
    expect(reclaim).not.toHaveBeenCalled();
  });
});
