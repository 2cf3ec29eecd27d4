import { setTimeout as wait } from 'node:timers/promises';
import { NoAnswerError, postDelivery } from './post-delivery.ts';

/** The pause where the server names none, and the longest one, in milliseconds. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;

/** The last answer to a delivery. */
export interface Delivered {
  httpStatus: number;
  /** The body: JSON, or undefined where it is none. */
  answer: Record<string, unknown> | undefined;
  /** How often it was posted before, and not answered or told to come again. */
  retries: number;
  /** How long the last answer took, in milliseconds. */
  answerMs: number;
}

/**
 * Posts a body until it is taken or refused, as a sender should: again after 503 (`Retry-After`) and
 * after no answer. An event can have been stored all the same then, so that the next one is its
 * duplicate.
 *
 * @throws NoAnswerError at the first try, when nobody listens there and `insist` is false; what the
 * signal was aborted with
 */
export async function deliver(
  url: string,
  body: string | Buffer,
  { signature, insist, signal }: { signature: string; insist: boolean; signal: AbortSignal },
): Promise<Delivered> {
  for (let retries = 0; ; retries += 1) {
    const startedMs = performance.now();
    let pauseMs = PAUSE_MS;
    try {
      const response = await postDelivery(url, body, signature, signal);
      const answer = await response.json().catch(() => undefined);
      signal.throwIfAborted();
      if (response.status !== 503) {
        const answerMs = performance.now() - startedMs;
        return { httpStatus: response.status, answer, retries, answerMs };
      }
      pauseMs = Number(response.headers.get('retry-after') ?? 0) * 1_000 || PAUSE_MS;
    } catch (error) {
      if (!(error instanceof NoAnswerError) || (!insist && retries === 0)) throw error;
    }
    await wait(Math.min(pauseMs, LONGEST_PAUSE_MS), undefined, { signal });
  }
}
