import type { ConnectionRequest } from './connection.ts';
import { ConnectionLostError, failureOf, toFailure } from './connection-lost-error.ts';
import type { EventsClientError } from './events-client-error.ts';

export type Fetch = typeof globalThis.fetch;

/**
 * Sends an operation by GraphQL over HTTP.
 *
 * @throws ConnectionLostError `unreachable` when no answer came; what the signal was aborted with
 */
export async function postGraphql(
  fetch: Fetch,
  { endpoint, token, query, variables }: ConnectionRequest,
  accept: string,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(endpoint, {
      method: 'POST',
      headers: {
        Accept: accept,
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables }),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new ConnectionLostError('unreachable', 'No server answers.', { cause });
  }
}

/** Why an answer is not what was asked for: its GraphQL errors, else its status. */
export async function refusalOf(
  response: Response,
): Promise<EventsClientError | ConnectionLostError> {
  const body = (await response.json().catch(() => undefined)) as { errors?: unknown } | undefined;
  if (Array.isArray(body?.errors)) return toFailure(body.errors);
  // Something in front of the server may refuse a token too, and in its own words.
  if (response.status === 401) return failureOf('UNAUTHENTICATED', 'The token is refused.');
  return new ConnectionLostError('lost', `The server answers ${response.status}.`);
}
