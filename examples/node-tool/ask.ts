import type { TypedDocumentString } from './generated/graphql.ts';

/**
 * Makes a function that asks a server and gives an answer of the document's own type.
 *
 * @throws Error with what the server says
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
    });
    const { data, errors } = (await response.json()) as {
      data?: Data;
      errors?: { message: string }[];
    };
    if (!data || errors) throw new Error(errors?.[0]?.message ?? `HTTP ${response.status}`);
    return data;
  };
}
