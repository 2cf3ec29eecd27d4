import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const KEY = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const UPGRADE = `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}`;
const UNREAD = 'Content-Length: 100000\r\n\r\nabc';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ limits: { maxConnections: 1, headersTimeoutMs: 100 } });
});
afterAll(() => server.close());

/** A peer that never closes its side, and only reads on request. */
async function openHalf(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Resolves when no connection is left, or the test is over. */
async function allFreed(signal: AbortSignal): Promise<void> {
  while (server.open().connections > 0) {
    signal.throwIfAborted();
    await nextTurn();
  }
}

// Each of these once held its connection for a minute or more.
test.for([
  ['an upgrade elsewhere', `GET /nowhere HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`, 404],
  [
    'an upgrade by another origin',
    `GET /graphql HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n${UPGRADE}\r\n`,
    403,
  ],
  [
    'an upgrade without a key',
    'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    400,
  ],
  ['CONNECT', 'CONNECT a.example:1 HTTP/1.1\r\nHost: a.example\r\n\r\n', 405],
  ['an expectation', 'GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n', 417],
  ['no HTTP', 'rubbish\r\n\r\n', 400],
  ['headers that are too large', `GET / HTTP/1.1\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
  ['headers that do not end', 'GET / HTTP/1.1\r\n', 408],
  ['an unread body for nothing', `POST /nowhere HTTP/1.1\r\nHost: x\r\n${UNREAD}`, 404],
  [
    'an unread body by another method',
    `PUT /webhooks/events HTTP/1.1\r\nHost: x\r\n${UNREAD}`,
    405,
  ],
  ['an unread body without a token', `POST /graphql HTTP/1.1\r\nHost: x\r\n${UNREAD}`, 401],
  ['an unread body behind a question', `GET /health/live HTTP/1.1\r\nHost: x\r\n${UNREAD}`, 200],
  [
    'a body that is too large',
    'POST /webhooks/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\n\r\nabc',
    413,
  ],
])(
  '%s is answered, and its connection is freed even if the peer never closes',
  async ([, text, status], { signal }) => {
    const socket = await openHalf();
    socket.write(String(text));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await allFreed(signal);
  },
);

test('a connection above the limit is freed too', async ({ signal }) => {
  const first = await openHalf();
  first.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(first, 'data');
  const second = await openHalf();
  second.write('GET /graphql HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(String((await once(second, 'data'))[0])).toMatch(/^HTTP\/1\.1 503 /);
  first.destroy();
  await allFreed(signal);
});

test('a refused WebSocket is freed too', async ({ signal }) => {
  const socket = await openHalf();
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n${UPGRADE}\r\n`,
  );
  await once(socket, 'data');
  // A frame with a reserved bit.
  socket.write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]));
  await allFreed(signal);
});

test('a refused body that arrives completely leaves the connection open for the next request', async ({
  signal,
}) => {
  const socket = await openHalf();
  socket.write('POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n');
  await once(socket, 'data');
  socket.write('abcGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
  await allFreed(signal);
});

test('a sender that is still sending reads the refusal, without a reset', async ({ signal }) => {
  const socket = await openHalf();
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', ({ message }) => resolve(message));
  });
  socket.write(
    'POST /webhooks/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\n\r\nabc',
  );
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 413 /);
  expect(await ended).toBe('end');
  await allFreed(signal);
});

test('requests after a final answer are ignored', async ({ signal }) => {
  const socket = await openHalf();
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(
    `POST /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.write('abcGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
  await allFreed(signal);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404']);
});

test('an upgrade behind an unanswered request ends the connection', async ({ signal }) => {
  const socket = await openHalf();
  socket.write(
    `GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /graphql HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`,
  );
  socket.resume();
  await once(socket, 'end');
  await allFreed(signal);
});
