import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { untilExpired } from '../../../src/server/graphql/end-expired.ts';

/** A source that yields pushed results, and records that it was ended. */
function source() {
  const waiting: ((result: IteratorResult<object>) => void)[] = [];
  const failing: ((error: Error) => void)[] = [];
  let returned = 0;
  return {
    push: (data: object) => waiting.shift()?.({ done: false, value: { data } }),
    finish: () => waiting.shift()?.({ done: true, value: undefined }),
    fail: (error: Error) => failing.shift()?.(error),
    returned: () => returned,
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      new Promise<IteratorResult<object>>((resolve, reject) => {
        waiting.push(resolve);
        failing.push(reject);
      }),
    async return() {
      returned += 1;
      return { done: true as const, value: undefined };
    },
  };
}

const IN_MS = 1_000;
const FAREWELL = {
  done: false,
  value: {
    errors: [
      expect.objectContaining({
        message: 'The token has expired.',
        extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' },
      }),
    ],
  },
};
const DONE = { done: true, value: undefined };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const results = source();
  const iterator = untilExpired(results, { expiresAtMs: Date.now() + IN_MS }, 'request-1');
  return { results, iterator };
}

describe('at the instant of expiry', () => {
  test('a waiting consumer gets the error, then the end', async () => {
    const { results, iterator } = start();
    const first = iterator.next();
    results.push({ n: 1 });
    expect(await first).toEqual({ done: false, value: { data: { n: 1 } } });
    const second = iterator.next();
    vi.advanceTimersByTime(IN_MS);
    expect(await second).toEqual(FAREWELL);
    expect(results.returned()).toBe(1);
    // Too late: it is not delivered.
    results.push({ n: 2 });
    expect(await iterator.next()).toEqual(DONE);
    expect(await iterator.next()).toEqual(DONE);
  });

  test('a consumer that is not waiting gets the error later, and the source ends at once', async () => {
    const { results, iterator } = start();
    const first = iterator.next();
    results.push({ n: 1 });
    await first;
    vi.advanceTimersByTime(IN_MS);
    expect(results.returned()).toBe(1);
    expect(await iterator.next()).toEqual(FAREWELL);
    expect(await iterator.next()).toEqual(DONE);
  });
});

describe('before expiry, no timer stays when', () => {
  test('the source is done', async () => {
    const { results, iterator } = start();
    const first = iterator.next();
    results.finish();
    expect(await first).toEqual(DONE);
    expect(vi.getTimerCount()).toBe(0);
    expect(await iterator.next()).toEqual(DONE);
  });

  test('the source fails, and the consumer gets its error', async () => {
    const { results, iterator } = start();
    const first = iterator.next();
    results.fail(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the consumer leaves', async () => {
    const { results, iterator } = start();
    expect(await iterator.return?.()).toEqual(DONE);
    expect(results.returned()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(await iterator.next()).toEqual(DONE);
  });
});
