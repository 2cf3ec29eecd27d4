/**
 * Returns a token of the user who is logged in, from your own backend; only it can sign one
 * (docs/guide/authentication.md). If you cache tokens, request a new one before the old one expires.
 */
export async function fetchToken(): Promise<string> {
  const response = await fetch('/token', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/token answered ${response.status}`);
  return response.text();
}

/** `fetch` with a new token, for a GraphQL client's queries. */
export const fetchWithToken: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('Authorization', `Bearer ${await fetchToken()}`);
  return fetch(input, { ...init, headers });
};
