import { setTimeout as delay } from 'node:timers/promises';
import { testSignal } from './test-signal.ts';

/** Pause after a connection that ended without an answer, in milliseconds. */
const NO_ANSWER_PAUSE_MS = 100;

/**
 * Posts a delivery like the sender: again after a 503, as its Retry-After says, and again without
 * an answer. Stops with the test.
 *
 * @param post posts once; resolves to undefined without an answer
 * @returns the first answer other than 503
 */
export async function postAsSender<T extends { status: number; headers: Headers }>(
  post: () => Promise<T | undefined>,
  signal = testSignal(),
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await post();
    if (answer && answer.status !== 503) return answer;
    const pauseMs = answer ? Number(answer.headers.get('retry-after')) * 1_000 : NO_ANSWER_PAUSE_MS;
    await delay(pauseMs, undefined, { signal });
  }
}
