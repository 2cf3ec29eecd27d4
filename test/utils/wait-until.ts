import { setTimeout as delay } from 'node:timers/promises';
import { testSignal } from './test-signal.ts';

const PAUSE_MS = 10;

/**
 * Polls until a condition holds. Prefer waiting for an event where there is one. It has no timeout
 * except the test's, and stops with the test.
 */
export async function waitUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
  const signal = testSignal();
  // Without a pause, polling would take CPU time from the work it waits for.
  while (!(await holds())) await delay(PAUSE_MS, undefined, { signal });
}
