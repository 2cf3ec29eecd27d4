import { Client, fetchExchange } from '@urql/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
let headers: { Authorization: string };
beforeAll(async () => {
  server = await startTestServer();
  headers = { Authorization: `Bearer ${await server.token()}` };
});
afterAll(() => server.close());

async function ask(options: object) {
  const url = `${server.url}/graphql`;
  const client = new Client({
    url,
    exchanges: [fetchExchange],
    fetchOptions: { headers },
    ...options,
  });
  return client.query('{ head }', {}).toPromise();
}

test('the answer to urql with its defaults says what to do', async () => {
  const { error } = await ask({});
  expect(error?.message).toContain('preferGetMethod: false');
  expect(error?.message).toContain('GraphQL-Require-Preflight: 1');
});

test.for([
  { preferGetMethod: false },
  { fetchOptions: () => ({ headers: { ...headers, 'GraphQL-Require-Preflight': '1' } }) },
])('urql with %j is answered', async (options) => {
  const { data, error } = await ask(options);
  expect([data, error]).toEqual([{ head: expect.any(String) }, undefined]);
});
