import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const connect = (protocols: string[]) =>
  new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocols);

test.for([
  ['graphql-ws'],
  ['graphql-subscriptions', 'graphql-ws'],
  ['GraphQL-Transport-WS'],
  ['mqtt'],
])('an offer of %s is refused at the handshake, and logged', async (protocols) => {
  const socket = connect(protocols);
  // ws hands out the answer instead of an error.
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = JSON.parse(await text(response));
  expect([response.statusCode, body]).toEqual([
    400,
    {
      error: expect.stringContaining('graphql-transport-ws'),
      code: 'BAD_USER_INPUT',
      requestId: expect.any(String),
    },
  ]);
  expect(server.logLines.find((line) => line.includes(body.requestId))).toContain(
    'does not offer graphql-transport-ws',
  );
});

test.for([['graphql-transport-ws'], ['graphql-ws', 'graphql-transport-ws']])(
  'an offer of %s is taken',
  async (protocols) => {
    const socket = connect(protocols);
    await once(socket, 'open');
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.close();
    await once(socket, 'close');
  },
);

test('no offer is closed with the reason, and logged', async () => {
  server.logLines.length = 0;
  const [code, reason] = await once(connect([]), 'close');
  expect([code, String(reason)]).toEqual([
    4406,
    'The subprotocol is graphql-transport-ws, as the library graphql-ws speaks it.',
  ]);
  expect(server.logLines.join()).toContain('does not offer graphql-transport-ws');
});
