import type { TypedDocumentString } from './generated/graphql.ts';

/**
 * Returns a function that runs a document on a server; its result has the document's type.
 *
 * @throws Error with the server's message, or when the server cannot be reached
 */
export function createAsk(url: string, token: string) {
  return async function ask<Data, Variables>(
    query: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    }).catch((cause) => {
      throw new Error(`No server answers at ${url}. Set EVENTLINE_URL, or give --url.`, { cause });
    });
    // A proxy may answer instead of the server, and not in JSON.
    const { data, errors } = (await response.json().catch(() => ({}))) as {
      data?: Data;
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    if (data && !errors) return data;
    const [error] = errors ?? [];
    const hint =
      error?.extensions?.code === 'UNAUTHENTICATED' || error?.extensions?.code === 'FORBIDDEN'
        ? '\nSet EVENTLINE_TOKEN (scope events:read).'
        : '';
    throw new Error(`${error?.message ?? `${url} answered ${response.status}`}${hint}`);
  };
}
