import { fetchSessionToken } from '../session/session-token.ts';

export type RequestHeaders = Readonly<Record<string, string>>;

/** Returns the name of the header with the token, as it is written; undefined without one. */
export function findAuthorization(headers: RequestHeaders): string | undefined {
  return Object.keys(headers).find((name) => name.toLowerCase() === 'authorization');
}

/**
 * Returns a function that adds the token of the person who has signed in to headers without a token.
 *
 * @param signIn the server's address for signing in, if there is one
 */
export function createAuthorize(signIn: string | undefined) {
  return async (headers: RequestHeaders): Promise<RequestHeaders> => {
    if (signIn === undefined || findAuthorization(headers)) return headers;
    // Fetched for each run, since it lasts for minutes.
    const token = await fetchSessionToken(signIn);
    return token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` };
  };
}
