import { onTestFinished, TestRunner } from 'vitest';

/**
 * A signal that is aborted when the running test has finished, whatever its result: loops and senders
 * of a test end by it. In a hook for a whole suite, where no test is running, it is never aborted.
 */
export function testSignal(): AbortSignal {
  const controller = new AbortController();
  if (TestRunner.getCurrentTest()) {
    onTestFinished(() => controller.abort(new Error('The test has finished.')));
  }
  return controller.signal;
}
