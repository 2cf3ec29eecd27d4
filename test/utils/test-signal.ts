import { onTestFinished, TestRunner } from 'vitest';

const signals = new WeakMap<object, AbortSignal>();

/**
 * Returns a signal that is aborted when the running test has finished, passed or failed. Loops and
 * senders in tests stop by it. In `beforeAll` and `afterAll` it is never aborted.
 */
export function testSignal(): AbortSignal {
  const test = TestRunner.getCurrentTest();
  if (!test) return new AbortController().signal;
  const known = signals.get(test);
  if (known) return known;
  const controller = new AbortController();
  onTestFinished(() => controller.abort(new Error('The test has finished.')));
  signals.set(test, controller.signal);
  return controller.signal;
}
