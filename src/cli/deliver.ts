import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { readJson } from '../client/read-bounded.ts';
import { MAX_ANSWER_BYTES, NoAnswerError, postDelivery } from './post-delivery.ts';

/** Default and maximum delay between retries, in milliseconds. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;

/** The members of an answer that commands read, with those of a problem (RFC 9457). */
const deliveryAnswer = z
  .object({
    status: z.union([z.string(), z.number()]),
    id: z.string(),
    position: z.number(),
    title: z.string(),
    detail: z.string(),
    quarantined: z.boolean(),
  })
  .partial();

/** The final answer to a delivery. */
export interface Delivered {
  httpStatus: number;
  /** The body; undefined if it is no answer of a webhook. */
  answer: z.infer<typeof deliveryAnswer> | undefined;
  /** Number of earlier attempts without an answer, or with a 408 or 503. */
  retries: number;
  /** Response time of the last attempt, in milliseconds. */
  answerMs: number;
}

export interface DeliverOptions {
  /** Returns the headers of the signature, for each attempt. */
  sign: () => Record<string, string>;
  /** Whether to retry if no server listens at the first attempt. */
  insist: boolean;
  signal: AbortSignal;
}

/**
 * Posts a body until it is accepted or refused, as a sender should: it retries after a 503
 * (`Retry-After`), after a 408 (this machine or the path was too slow) and without an answer. The event may
 * have been stored nevertheless, so the retry may be answered `duplicate`.
 *
 * @throws NoAnswerError on the first attempt when no server listens and `insist` is false; the
 * signal's reason when aborted
 */
export async function deliver(
  url: string,
  body: string | Buffer,
  { sign, insist, signal }: DeliverOptions,
): Promise<Delivered> {
  for (let retries = 0; ; retries += 1) {
    const startedMs = performance.now();
    let pauseMs = PAUSE_MS;
    try {
      const response = await postDelivery(url, body, sign(), signal);
      const json = await readJson(response, MAX_ANSWER_BYTES).catch(() => undefined);
      const answer = deliveryAnswer.safeParse(json).data;
      signal.throwIfAborted();
      if (response.status !== 503 && response.status !== 408) {
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
