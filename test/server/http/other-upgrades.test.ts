import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../../src/webhook/sign.ts';
import { scrapeSamples } from '../../utils/scrape.ts';
import {
  deliveryOf,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../../utils/server.ts';

const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Returns everything that the server answers to these bytes until the connection ends. */
async function answersTo(...parts: string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  for (const part of parts) {
    await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

function delivery(body: string, headers: string): string {
  const own = [
    'Host: here',
    'Content-Type: application/json',
    `X-Signature: ${sign(body, WEBHOOK_SECRET)}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `POST /webhooks/events HTTP/1.1\r\n${headers}${own.join('\r\n')}\r\n\r\n`;
}

describe('an upgrade to another protocol than WebSocket is ignored and served by HTTP/1.1', () => {
  test.for([
    ['h2c', H2C],
    ['TLS', 'Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n'],
    ['a WebSocket by POST', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
  ] as const)('%s: a delivery is stored, also if its body arrives later', async ([, headers]) => {
    for (const cut of [0, 10]) {
      const body = deliveryOf('message_sent');
      const last = 'GET /health/live HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n';
      const whole = delivery(body, headers) + body;
      const at = whole.length - cut;
      const text = await answersTo(whole.slice(0, at), whole.slice(at) + last);
      expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(text).toContain('"status":"stored"');
      // The same connection is still usable.
      expect(text).toContain('{"status":"live"}');
    }
  });

  test('no connection is counted twice or forever', async () => {
    const ending = H2C.replace('Upgrade, ', 'close, Upgrade, ');
    await answersTo(`GET /health/live HTTP/1.1\r\n${ending}Host: here\r\n\r\n`);
    const samples = await scrapeSamples(server.url);
    const open = samples
      .filter(({ name }) => name === 'eventline_connections')
      .reduce((sum, { value }) => sum + value, 0);
    expect(open).toBe(server.open().connections);
    expect(open).toBeLessThan(5);
  });
});

const HANDSHAKE =
  'GET /graphql HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';

describe('each refusal has a code and a request id', () => {
  test.for([
    ['a WebSocket without a key', HANDSHAKE, 400],
    [
      'of another version',
      `${HANDSHAKE}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 7\r\n`,
      400,
    ],
    ['no Host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n', 400],
    ['an expectation', 'GET /health/live HTTP/1.1\r\nHost: here\r\nExpect: wonders\r\n', 417],
    ['a proxy', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n', 405],
    ['a POST for metrics', 'POST /metrics HTTP/1.1\r\nHost: here\r\nConnection: close\r\n', 405],
  ] as const)('%s', async ([, head, status]) => {
    const text = await answersTo(`${head}X-Request-Id: mine\r\n\r\n`);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text.toLowerCase()).toContain('x-request-id: mine');
    expect(text.toLowerCase()).toContain('x-content-type-options: nosniff');
    expect(JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '')).toMatchObject({
      code: 'BAD_USER_INPUT',
      requestId: 'mine',
    });
  });
});
