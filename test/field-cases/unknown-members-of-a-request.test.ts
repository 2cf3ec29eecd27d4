import { RelayNetworkLayer, urlMiddleware } from 'react-relay-network-modern';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSocket } from '../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer();
  token = await server.token();
});
afterAll(() => server.close());

const REQUESTS: object[] = [
  { id: 'x', query: '{ head }' },
  { id: null, doc_id: '7', operationKind: 'query', query: '{ head }' },
  { query: 'query Head { head }', operationName: '', key: { deep: true } },
  { query: '{ head }', variables: null, operationName: null, extensions: null, context: [] },
  { query: '{ head }', constructor: 'x', toString: 'y' },
];

test.for(REQUESTS)('%j is answered over HTTP', async (body) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  expect([response.status, await response.json()]).toEqual([
    200,
    { data: { head: expect.any(String) } },
  ]);
});

test.for(REQUESTS)('%j is answered over WebSocket', async (payload) => {
  const socket = await openSocket(server.url, token);
  socket.start('a', payload);
  expect((await socket.next('a')).payload).toEqual({ data: { head: expect.any(String) } });
  await socket.close();
});

test('a GET with unknown parameters is answered', async () => {
  const response = await fetch(`${server.url}/graphql?query={head}&id=x&_=1&utm_source=y`, {
    headers: { Authorization: `Bearer ${token}`, 'GraphQL-Require-Preflight': '1' },
  });
  expect(await response.json()).toEqual({ data: { head: expect.any(String) } });
});

test('react-relay-network-modern is answered', async () => {
  const url = `${server.url}/graphql`;
  const headers = { Authorization: `Bearer ${token}` };
  const network = new RelayNetworkLayer([urlMiddleware({ url, headers })], { noThrow: true });
  const operation = { id: null, name: 'Head', text: 'query Head { head }', operationKind: 'query' };
  // Its types describe an older Relay.
  const answer = await network.execute(operation as never, {}, {}).toPromise();
  expect(answer).toMatchObject({ data: { head: expect.any(String) } });
});
