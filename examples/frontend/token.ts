/**
 * A token of the user who is logged in, from your own backend: it alone can sign one (README, "Who
 * may read"). Where tokens are kept for a while, ask for a new one before the old one ends.
 */
export async function fetchToken(): Promise<string> {
  const response = await fetch('/token', { cache: 'no-store' });
  if (!response.ok) throw new Error(`There is no token: ${response.status}`);
  return response.text();
}

/** `fetch` with a fresh token, for a GraphQL client's queries. */
export const fetchWithToken: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('Authorization', `Bearer ${await fetchToken()}`);
  return fetch(input, { ...init, headers });
};
