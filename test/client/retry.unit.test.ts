import { expect, test } from 'vitest';
import { ConnectionLostError } from '../../src/client/connection-lost-error.ts';
import { createRetry } from '../../src/client/retry.ts';

const lost = new ConnectionLostError('lost', 'cut');

test('pauses double up to the maximum, each reduced by a random part of its half', () => {
  const retry = createRetry({ firstMs: 100, longestMs: 1_000 }, 2);
  const seen = new Set<number>();
  for (const fullMs of [100, 200, 400, 800, 1_000, 1_000]) {
    const delayMs = retry.delayAfter(lost, true);
    expect(delayMs).toBeGreaterThanOrEqual(fullMs / 2);
    expect(delayMs).toBeLessThanOrEqual(fullMs);
    seen.add(delayMs / fullMs);
  }
  expect(seen.size).toBeGreaterThan(1);
  retry.progressed();
  expect(retry.delayAfter(lost, true)).toBeLessThanOrEqual(100);
});

test('a connection that the client closed itself is reopened without a pause', () => {
  const retry = createRetry({ firstMs: 100, longestMs: 1_000 }, 2);
  expect(retry.delayAfter(new ConnectionLostError('behind', 'slow'), true)).toBe(0);
});
