import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { sendRaw } from '../../webhook/send-raw.ts';

const MOST = 3;
const LISTED = 'https://app.example';
let server: TestServer;
const held: Socket[] = [];
beforeAll(async () => {
  server = await startTestServer({
    allowedOrigins: [LISTED],
    limits: { maxConnections: MOST },
  });
  for (let index = 0; index < MOST; index += 1) {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    held.push(socket);
    await once(socket, 'connect');
    // An answer proves that the server has counted the connection.
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
  }
});
afterAll(async () => {
  for (const socket of held) socket.destroy();
  await server.close();
});

const head = (line: string) => `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;

test("a connection above the limit is refused with the limit's name", async () => {
  const answer = await sendRaw(server.url, `${head('GET /graphql')}\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 503 /);
  expect(answer).toMatch(/\r\nRetry-After: 5\r\n/);
  expect(answer).toContain('This server has 3 (MAX_CONNECTIONS) connections open');
  expect(answer).toContain('"code":"SERVICE_UNAVAILABLE"');
});

test('a page of a listed origin can read the refusal', async () => {
  const origin = `Origin: ${LISTED}\r\n`;
  const asked = `${origin}Access-Control-Request-Method: POST\r\n`;
  const preflight = await sendRaw(server.url, `${head('OPTIONS /graphql')}${asked}\r\n`);
  expect(preflight).toMatch(/^HTTP\/1.1 204 /);
  const answer = await sendRaw(server.url, `${head('GET /graphql')}${origin}\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 503 /);
  for (const text of [preflight, answer]) {
    expect(text).toContain(`\r\nAccess-Control-Allow-Origin: ${LISTED}\r\n`);
    expect(text).toMatch(/\r\nAccess-Control-Expose-Headers: .*Retry-After/);
  }
});

test('a WebSocket above the limit is refused too', async () => {
  const upgrade = head('GET /graphql').replace('close', 'Upgrade');
  const answer = await sendRaw(
    server.url,
    `${upgrade}Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`,
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1.1 503 /);
  expect(answer).toContain('MAX_CONNECTIONS');
});

test('readers do not block the sender or health checks', async () => {
  expect(await sendRaw(server.url, `${head('GET /health/live')}\r\n`)).toMatch(/^HTTP\/1.1 200 /);
  const answer = await server.postRaw('{"type":', { Connection: 'close' });
  expect(answer.status).toBe(400);
});

test('a closed connection makes room', async () => {
  const [first] = held;
  first?.end();
  if (first) await once(first, 'close');
  const socket = await openSocket(server.url, await server.token());
  await socket.close();
});
