import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const MOST = 2_048;
let server: TestServer;
const printed: unknown[] = [];
beforeAll(async () => {
  for (const name of ['error', 'warn', 'log'] as const) {
    vi.spyOn(console, name).mockImplementation((...parts) => void printed.push(parts));
  }
  server = await startTestServer({ limits: { maxMessageBytes: MOST, maxGraphqlBytes: MOST } });
});
afterAll(async () => {
  await server.close();
  vi.restoreAllMocks();
});

const TOO_LARGE = { code: 1009, reason: `A message may have ${MOST} (WEBSOCKET_MAX_BYTES) bytes.` };
const ping = (bytes: number) => {
  const message = { type: 'ping', payload: { padding: '' } };
  const padding = 'x'.repeat(bytes - JSON.stringify(message).length);
  return JSON.stringify({ ...message, payload: { padding } });
};

describe('a message', () => {
  test('of the maximum size is accepted, and one byte more ends the connection with the reason', async () => {
    const socket = await openSocket(server.url, await server.token());
    socket.socket.send(ping(MOST));
    expect(await socket.next('')).toMatchObject({ type: 'pong' });
    socket.socket.send(ping(MOST + 1));
    expect(await socket.closed).toEqual(TOO_LARGE);
  });

  test('in fragments is accepted, with the same limit', async () => {
    const socket = await openSocket(server.url, await server.token());
    const pieces = (text: string) => text.match(/.{1,7}/gs) ?? [];
    const sendInPieces = (text: string) => {
      const all = pieces(text);
      all.forEach((piece, index) => {
        socket.socket.send(piece, { fin: index === all.length - 1 });
      });
    };
    sendInPieces('{"id":"a","type":"subscribe","payload":{"query":"{ head }"}}');
    expect(await socket.next('a')).toMatchObject({
      payload: { data: { head: expect.any(String) } },
    });
    sendInPieces(ping(MOST + 1));
    expect(await socket.closed).toEqual(TOO_LARGE);
  });

  test('in more fragments than clients send ends the connection with the reason', async () => {
    const socket = await openSocket(server.url, await server.token());
    for (let sent = 0; sent < 600; sent += 1) socket.socket.send('x', { fin: false });
    expect(await socket.closed).toEqual({
      code: 1008,
      reason: 'A message may have fewer fragments and chunks for its size.',
    });
  });

  test('before the token is accepted may have a small part of the maximum size', async () => {
    const large = await startTestServer();
    const open = async (payload: object) => {
      const url = `${large.url.replace('http', 'ws')}/graphql`;
      const socket = new WebSocket(url, 'graphql-transport-ws');
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init', payload }));
      return socket;
    };
    const Authorization = `Bearer ${await large.token()}`;
    const refused = await open({ Authorization, padding: 'x'.repeat(16 * 1024) });
    const [code, reason] = await once(refused, 'close');
    expect([code, String(reason)]).toEqual([
      4400,
      expect.stringMatching(
        /^BAD_USER_INPUT: A message before connection_ack may have 16384 bytes\. \(/,
      ),
    ]);
    const accepted = await open({ Authorization, padding: 'x'.repeat(8 * 1024) });
    expect(String((await once(accepted, 'message'))[0])).toContain('connection_ack');
    accepted.send(JSON.stringify({ type: 'ping', payload: { padding: 'x'.repeat(100_000) } }));
    expect(String((await once(accepted, 'message'))[0])).toContain('"pong"');
    await large.close();
  });

  test.each([
    ['no JSON', '{', 4400],
    ['a list of operations', '[{"type":"ping"}]', 4400],
    ['a text of a message', JSON.stringify('{"type":"ping"}'), 4400],
    ['of no type', '{"type":"__proto__"}', 4400],
    ['for a client', '{"type":"connection_ack"}', 4400],
    [
      'of a subscription without an id',
      '{"type":"subscribe","payload":{"query":"{ head }"}}',
      4400,
    ],
    [
      'with a query that is no text',
      '{"id":"a","type":"subscribe","payload":{"query":{"$ne":1}}}',
      4400,
    ],
    [
      'with variables that are none',
      '{"id":"a","type":"subscribe","payload":{"query":"{ head }","variables":[1]}}',
      4400,
    ],
    ['a second connection_init', '{"type":"connection_init"}', 4429],
  ])('%s ends the connection', async (_, message, code) => {
    const socket = await openSocket(server.url, await server.token());
    socket.socket.send(message);
    expect((await socket.closed).code).toBe(code);
  });

  test('before connection_init ends the connection', async () => {
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    socket.on('open', () =>
      socket.send('{"id":"a","type":"subscribe","payload":{"query":"{ head }"}}'),
    );
    const [code] = await once(socket, 'close');
    expect(code).toBe(4401);
  });
});

describe('bytes that are not a frame', () => {
  const HANDSHAKE =
    'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';

  test.each([
    ['not masked', [0x81, 0x02, 0x7b, 0x7d], 1002],
    ['with reserved bits', [0xf1, 0x80, 0, 0, 0, 0], 1002],
    ['of an unknown kind', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['a continuation of nothing', [0x80, 0x80, 0, 0, 0, 0], 1002],
    ['a ping in fragments', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['text that is not UTF-8', [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
    ['a length of 2^63', [0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0], 1009],
    ['a length just above the limit, announced alone', [0x81, 0xfe, 0x08, 0x01, 0, 0, 0, 0], 1009],
  ])('%s are closed with a code, and noted in the log only', async (_, bytes, code) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const ended = once(socket, 'end');
    let received = Buffer.alloc(0);
    socket.write(HANDSHAKE);
    const [head] = await once(socket, 'data');
    expect(String(head)).toContain('101 Switching Protocols');
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      // Answers the close frame, so that the server ends at once.
      socket.end(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
    });
    socket.write(Buffer.from(bytes));
    await ended;
    expect(received[0]).toBe(0x88);
    expect(received.readUInt16BE(2)).toBe(code);
    const noted = server.logLines.filter((line) => line.includes('broke the rules'));
    expect(noted.at(-1)).toContain('"level":20');
  });
});

test('nothing was printed outside the log, and nothing was logged as an internal error', () => {
  expect(printed).toEqual([]);
  expect(server.logLines.filter((line) => line.includes('something failed here'))).toEqual([]);
});
