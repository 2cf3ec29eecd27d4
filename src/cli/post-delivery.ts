import { CommandError } from './command-error.ts';

/** An answer of the webhook has some hundred bytes; another program may answer without an end. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/** No answer: no server listens, or the connection broke before the answer. */
export class NoAnswerError extends CommandError {}

/**
 * Posts a body to a server's webhook.
 *
 * @param signature the headers of the signature
 * @throws NoAnswerError without an answer; the signal's reason when aborted
 */
export async function postDelivery(
  url: string,
  body: string | Buffer,
  signature: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(`${url}/webhooks/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...signature },
      body: typeof body === 'string' ? body : new Uint8Array(body),
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw toNoAnswer(url, error);
  }
}

/** Returns the error for a `fetch` without an answer. */
export function toNoAnswer(url: string, error: unknown): NoAnswerError {
  const reason = (error as { cause?: { code?: string } }).cause?.code ?? 'no answer';
  return new NoAnswerError(
    `No server answers at ${url} (${reason}). Start one with "eventline serve".`,
  );
}
