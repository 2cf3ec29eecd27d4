import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toEventStream } from '../../../src/server/graphql/event-stream.ts';

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
const PING = ':\n\n';
const next = (result: object) => `event: next\ndata: ${JSON.stringify(result)}\n\n`;
const FAREWELL = next({
  errors: [
    {
      message: 'The token has expired.',
      extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' },
    },
  ],
});
const END = undefined;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function start() {
  const results = source();
  const viewer = { expiresAtMs: Date.now() + IN_MS };
  const subscription = { viewer, requestId: 'request-1' };
  const { body } = toEventStream(results, { Response, ReadableStream }, subscription);
  if (body === null) throw new Error('a stream has a body');
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const read = async () => {
    const { value } = await reader.read();
    return value && decoder.decode(value);
  };
  expect(await read()).toBe(PING);
  return { results, read, leave: () => reader.cancel() };
}

describe('when the token expires', () => {
  test('a waiting client gets the error, and no `complete`, so that it connects again', async () => {
    const { results, read } = await start();
    const first = read();
    results.push({ n: 1 });
    expect(await first).toBe(next({ data: { n: 1 } }));
    const second = read();
    vi.advanceTimersByTime(IN_MS);
    expect(await second).toBe(FAREWELL);
    expect(results.returned()).toBe(1);
    // Too late: it is not delivered.
    results.push({ n: 2 });
    expect(await read()).toBe(END);
  });

  test('a client that does not read gets the error later, and the source ends at once', async () => {
    const { results, read } = await start();
    results.push({ n: 1 });
    vi.advanceTimersByTime(IN_MS - 1);
    expect(results.returned()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(results.returned()).toBe(1);
    expect(await read()).toBe(next({ data: { n: 1 } }));
    expect(await read()).toBe(FAREWELL);
    expect(await read()).toBe(END);
  });

  test('an error of the source that comes later is not reported', async () => {
    const { results, read } = await start();
    vi.advanceTimersByTime(IN_MS);
    results.fail(new Error('broken'));
    expect(await read()).toBe(FAREWELL);
    expect(await read()).toBe(END);
  });
});

describe('before expiry, no timer stays when', () => {
  test('the source is done', async () => {
    const { results, read } = await start();
    const last = read();
    results.finish();
    expect(await last).toBe(END);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the source fails, and the client gets no end', async () => {
    const { results, read } = await start();
    const last = read();
    results.fail(new Error('broken'));
    await expect(last).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the client leaves', async () => {
    const { results, leave } = await start();
    await leave();
    expect(results.returned()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
