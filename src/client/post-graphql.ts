import type { ConnectionRequest } from './connection.ts';
import { ConnectionLostError, failureOf, toFailure } from './connection-lost-error.ts';
import type { EventsClientError } from './events-client-error.ts';
import { readJson } from './read-bounded.ts';

export type Fetch = typeof globalThis.fetch;

/**
 * Sends an operation by GraphQL over HTTP.
 *
 * @throws ConnectionLostError `unreachable` without an answer; the signal's reason when aborted
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
    throw new ConnectionLostError('unreachable', describeSilence(endpoint), { cause });
  }
}

/**
 * Says why there was no answer. A browser hides from a page whether the server refused its origin, so
 * both reasons are named.
 */
function describeSilence(endpoint: string): string {
  const page = Reflect.get(globalThis, 'location') as { href: string; origin: string } | undefined;
  if (!page || new URL(endpoint, page.href).origin === page.origin) return 'No server answers.';
  return `No server answers, or it does not allow pages of ${page.origin} (ALLOWED_ORIGINS).`;
}

/** Returns the failure of an answer: its GraphQL errors, else its status. */
export async function refusalOf(
  response: Response,
): Promise<EventsClientError | ConnectionLostError> {
  const body = (await readJson(response).catch(() => undefined)) as
    | { errors?: unknown }
    | null
    | undefined;
  if (Array.isArray(body?.errors)) return toFailure(body.errors);
  // A proxy may refuse the token with a body of its own.
  if (response.status === 401) return failureOf('UNAUTHENTICATED', 'The token is refused.');
  const hint = response.status === 404 ? ' Is its URL right?' : '';
  return new ConnectionLostError('lost', `The server answers ${response.status}.${hint}`);
}
