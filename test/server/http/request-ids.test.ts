import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Operations that are refused at different stages. */
const OPERATIONS: Record<string, string> = {
  'by the parser': '{',
  'by the validation': '{ nothing }',
  'by a rule of ours': `{ ${'a: head '.repeat(2)} ${Array.from({ length: 60 }, (_, i) => `b${i}: head`).join(' ')} }`,
  'where there are two operations': 'query A { head } query B { head }',
  'by its cost': '{ events(first: 100000) { edges { node { id } } } }',
  'by a resolver': '{ events(after: "no cursor") { edges { cursor } } }',
  'by a subscription': 'subscription { events(after: "no cursor") { id } }',
};
type Told = { message: string; extensions: { code: string; requestId: string } }[];

async function post(body: string, requestId: string, token: string): Promise<Told> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: body.includes('subscription') ? 'text/event-stream' : 'application/json',
      Authorization: `Bearer ${token}`,
      'X-Request-Id': requestId,
    },
    body,
  });
  const text = await response.text();
  return JSON.parse(/\{"(?:errors|data)".*/.exec(text)?.[0] ?? text).errors;
}

test.each([
  ...Object.entries(OPERATIONS).map(
    ([where, query]) => [where, JSON.stringify({ query })] as const,
  ),
  ['where the body is no JSON', '{'],
  ['where the body is too large', `{"query":"${' '.repeat(2 ** 20)}"}`],
  ['where there is no query', '{}'],
] as const)('over HTTP, a request refused %s gets its request id', async (_, body) => {
  const token = await server.token();
  // Twice: nothing cached with a document may come from the first request.
  for (const requestId of ['first-request', 'second-request']) {
    const errors = await post(body, requestId, token);
    expect(errors.length).toBeGreaterThan(0);
    for (const { extensions } of errors) {
      expect(extensions).toEqual(expect.objectContaining({ requestId, code: expect.any(String) }));
      expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    }
  }
  expect((await post(body, 'third-request', 'x.y.z'))[0]?.extensions).toMatchObject({
    code: 'UNAUTHENTICATED',
    requestId: 'third-request',
  });
});

test('over WebSocket, concurrent operations have different request ids', async () => {
  const socket = await openSocket(server.url, await server.token());
  const queries = Object.values(OPERATIONS).flatMap((query) => [query, query]);
  const told = (await Promise.all(queries.map((query) => socket.errorsOf({ query })))) as Told[];
  const ids = told.map((errors) => new Set(errors.map(({ extensions }) => extensions.requestId)));
  expect(ids.map(({ size }) => size)).toEqual(queries.map(() => 1));
  expect(new Set(ids.flatMap((each) => [...each])).size).toBe(queries.length);
  await socket.close();
});
