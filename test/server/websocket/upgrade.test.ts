import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { sendRaw } from '../../webhook/send-raw.ts';

const LISTED = 'https://app.example';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ allowedOrigins: [LISTED] });
});
afterAll(() => server.close());

/** Returns the status of a WebSocket handshake. */
function handshake(options: { origin?: string; path?: string; protocol?: string }) {
  const { origin, path = '/graphql', protocol = 'graphql-transport-ws' } = options;
  return new Promise<number | undefined>((resolve, reject) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, protocol, {
      ...(origin !== undefined && { origin }),
    });
    socket.on('upgrade', ({ statusCode }) => resolve(statusCode));
    socket.on('open', () => socket.close());
    socket.on('unexpected-response', (request, { statusCode }) => {
      resolve(statusCode);
      request.destroy();
    });
    socket.on('error', reject);
  });
}

describe('the Origin of a WebSocket', () => {
  test('is accepted if it is the own page, a listed one, or absent', async () => {
    expect(await handshake({ origin: server.url })).toBe(101);
    expect(await handshake({ origin: LISTED })).toBe(101);
    expect(await handshake({})).toBe(101);
  });

  test.each([
    'https://evil.example',
    'null',
    'https://app.example.evil.example',
    'http://app.example',
    'https://app.example:8443',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
  ])('is refused: %j', async (origin) => {
    expect(await handshake({ origin })).toBe(403);
  });
});

describe('an upgrade', () => {
  test.each(['/', '/graphql/x', '/webhooks/events', '/health/live', '/graphqlx'])(
    'to %s is not found',
    async (path) => {
      expect(await handshake({ path })).toBe(404);
    },
  );

  test('with a query string is accepted', async () => {
    expect(await handshake({ path: '/graphql?x=1' })).toBe(101);
  });

  test.each(['//', '/\\', 'http://', '*', '/%', '//:0/graphql'])(
    'to a target that is not a path (%s) is refused, and the server keeps running',
    async (target) => {
      const answer = await sendRaw(
        server.url,
        `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`,
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1.1 40[04] /);
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    },
  );
});

test('a client without a supported subprotocol is closed with 4406', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`);
  const [code] = await once(socket, 'close');
  expect(code).toBe(4406);
});
