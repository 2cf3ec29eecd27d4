import { setTimeout as delay } from 'node:timers/promises';
import { testSignal } from './test-signal.ts';

const PAUSE_MS = 10;

/**
 * Resolves when a condition holds. For what gives no signal of its own: where there is one, wait for
 * that. It has no limit but the test's, and ends with the test.
 */
export async function waitUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
  const signal = testSignal();
  // Without the pause it would take the processor from what it waits for.
  while (!(await holds())) await delay(PAUSE_MS, undefined, { signal });
}
