import type { TestServer } from '../../utils/server.ts';

/** Runs a query with a token; returns its data, and the codes and first message of its errors. */
export async function askAs(server: TestServer, token: string, query: string, variables = {}) {
  const { body } = await server.query(query, variables, token);
  const codes = body.errors?.map(({ extensions }: never) => (extensions as { code: string }).code);
  return { data: body.data, codes, message: body.errors?.[0]?.message as string | undefined };
}
