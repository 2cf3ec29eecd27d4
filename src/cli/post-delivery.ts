import { CommandError } from './command-error.ts';

/** Nothing answered: nobody listens there, or the connection broke before the answer. */
export class NoAnswerError extends CommandError {}

/**
 * Posts a body to a server's webhook.
 *
 * @param signature what goes into `X-Signature`
 * @throws NoAnswerError when none came; what the signal was aborted with
 */
export async function postDelivery(
  url: string,
  body: string | Buffer,
  signature: string,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(`${url}/webhooks/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Signature': signature },
      body: typeof body === 'string' ? body : new Uint8Array(body),
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw toNoAnswer(url, error);
  }
}

/** What is said when `fetch` has got no answer from a server. */
export function toNoAnswer(url: string, error: unknown): NoAnswerError {
  const reason = (error as { cause?: { code?: string } }).cause?.code ?? 'no answer';
  return new NoAnswerError(
    `No server answers at ${url} (${reason}). Is it running? Try npm start.`,
  );
}
