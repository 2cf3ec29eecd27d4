import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { sign } from '../../../src/webhook/sign.ts';
import {
  deliveryOf,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../../utils/server.ts';

const MOST = 3;
const RESERVED = 2;
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({
    limits: { maxConnections: MOST },
    reservedConnections: RESERVED,
  });
});
afterEach(() => server.close());

/** A connection that the server has answered, and therefore counted. */
async function open(text = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  await once(socket, 'data');
  return socket;
}

/** Posts a delivery on its own connection, which stays open if the agent keeps it. */
async function post(
  agent = new Agent(),
): Promise<{ status: number | undefined; port: number | undefined }> {
  const body = deliveryOf('message_sent');
  const posting = request(`${server.url}/webhooks/events`, {
    agent,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Signature': sign(body, WEBHOOK_SECRET) },
  });
  posting.end(body);
  const [response] = (await once(posting, 'response')) as [IncomingMessage];
  const { localPort } = response.socket;
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, port: localPort };
}

const UNSIGNED =
  'POST /webhooks/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
const UNFINISHED =
  'POST /webhooks/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 200\r\n\r\n{';

test.each([
  ['ask for health', undefined],
  ['post what is not signed', UNSIGNED],
  ['do not finish what they post', UNFINISHED],
])('connections that only %s leave a place for a signed delivery', async (_, text) => {
  for (let index = 0; index < MOST + 3 * RESERVED; index += 1) await open(text);
  for (let index = 0; index < 3; index += 1) expect((await post()).status).toBe(200);
});

test('a connection with a valid signature keeps its place, whatever follows', async () => {
  for (let index = 0; index < MOST; index += 1) await open();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const first = await post(agent);
  for (let index = 0; index < 4 * RESERVED; index += 1) await open(UNSIGNED);
  expect(await post(agent)).toEqual({ status: 200, port: first.port });
});

test('if all places hold such connections, a new one is dropped', async () => {
  for (let index = 0; index < MOST; index += 1) await open();
  for (let index = 0; index < RESERVED; index += 1) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    await post(agent);
  }
  await expect(post()).rejects.toThrow(/ECONNRESET|socket hang up/);
});
