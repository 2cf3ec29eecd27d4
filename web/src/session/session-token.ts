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
    return token;
  } catch {
    return undefined;
  }
}
