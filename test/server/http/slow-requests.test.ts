import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { sendRaw } from '../../webhook/send-raw.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    limits: { headersTimeoutMs: 100, requestTimeoutMs: 200, initTimeoutMs: 100 },
  });
});
afterAll(() => server.close());

// Each test ends when the server ends the connection.
describe('an incomplete request is answered 408 with the limits', () => {
  const POST = 'POST /webhooks/events HTTP/1.1\r\nHost: x\r\n';
  const BODY = 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"ty';
  test.each([
    ['half a line', 'GET /hea'],
    ['headers without an end', `${POST}X-A: b\r\n`],
    ['half a body for the webhook', `${POST}${BODY}`],
    [
      'half a body for GraphQL',
      `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: TOKEN\r\n${BODY}`,
    ],
  ])('%s', async (_, text) => {
    const bearer = `Bearer ${await server.token()}`;
    const answer = await sendRaw(server.url, text.replace('TOKEN', bearer));
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(answer.match(/HTTP\/1.1 /g)).toHaveLength(1);
  });

  test('the answer names the time limit', async () => {
    const answer = await sendRaw(server.url, 'GET /hea');
    expect(answer).toContain('100 (HTTP_HEADERS_TIMEOUT_MS)');
    expect(answer).toContain('200 (HTTP_REQUEST_TIMEOUT_MS)');
    expect(answer).toContain('X-Content-Type-Options: nosniff');
  });

  test('headers sent byte by byte', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    let answer = '';
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('data', (chunk) => {
      answer += chunk;
      socket.end();
    });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    // So slow that the size limit is not reached first.
    const slowly = setInterval(() => socket.writable && socket.write('a'), 10);
    onTestFinished(() => clearInterval(slowly));
    await ended;
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });
});

test('a WebSocket without connection_init is closed with 4408', async () => {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  const [code, reason] = await once(socket, 'close');
  expect(code).toBe(4408);
  expect(String(reason)).toBe('connection_init may take 100 (WEBSOCKET_INIT_TIMEOUT_MS) ms.');
});

test('a WebSocket that only sends pings is closed too', async () => {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  socket.on('open', () => socket.send('{"type":"ping"}'));
  socket.on('message', () => socket.send('{"type":"ping"}'));
  const [code, reason] = await once(socket, 'close');
  expect(code).toBe(4408);
  expect(String(reason)).toBe('connection_init may take 100 (WEBSOCKET_INIT_TIMEOUT_MS) ms.');
});

describe('an invalid request', () => {
  let patient: TestServer;
  beforeAll(async () => {
    patient = await startTestServer();
  });
  afterAll(() => patient.close());

  test.each([
    ['rubbish', 'rubbish\r\n\r\n', 400],
    ['a TLS greeting', Buffer.from('16030100a5010000a10303', 'hex'), 400],
    ['headers of 100 kB', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
  ])('%s is refused, and the answer quotes nothing of it', async (_, text, status) => {
    const answer = await sendRaw(patient.url, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toMatch(/rubbish|aaaa|HPE_|Parse Error/);
  });
});
