import { browserStore } from '../data/browser-storage.ts';
import { readToken } from './read-token.ts';

/** The sign-in that was ended here last; known to all pages of this browser. */
const ENDED = 'eventline-ended-sign-in';

/**
 * Returns a token for the person who has signed in at the server's provider; undefined when nobody
 * has, or the server cannot be reached.
 *
 * @param signIn the server's address for signing in
 */
export async function fetchSessionToken(signIn: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${signIn}/token`, { method: 'POST' });
    if (!response.ok) return undefined;
    const { token } = (await response.json()) as { token: string };
    const { signInId } = readToken(token);
    if (signInId === undefined || signInId !== browserStore.getItem(ENDED)) return token;
    // The server was not reached when the person signed out.
    await requestEnd(signIn);
  } catch {
    // The page cannot tell this from a browser in which nobody has signed in.
  }
  return undefined;
}

/**
 * Ends a sign-in for all pages of this browser. If the server cannot be reached, no page gets a token
 * of this sign-in any more, and the first that reaches the server ends it.
 *
 * @param id identifies the sign-in
 */
export async function endSignIn(signIn: string, id: string): Promise<void> {
  browserStore.setItem(ENDED, id);
  await requestEnd(signIn).catch(() => undefined);
}

/** The request outlives the page: a person may close it at once. */
async function requestEnd(signIn: string): Promise<void> {
  await fetch(`${signIn}/end`, { method: 'POST', keepalive: true });
}
