import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign-token.ts';
import { connectClient, take, transports } from '../client/connect-client.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';

const FOLLOW = 'subscription { events { userId } }';
/** Expired by its claim, and taken for three or four seconds more: clocks may differ by five. */
const soon = (user: string) => signToken(JWT_SECRET, { user }, '1 second ago');
/** Longer than a timer takes: 30 days would overflow, and fire at once. */
const late = (user: string) => signToken(JWT_SECRET, { user }, '60 days');

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

// At once, each with a user of its own: every one of them waits for its token to end.
describe.concurrent('a token that expires ends', () => {
  test('every subscription on its WebSocket, with 4403; another one stays', async () => {
    const { url } = server;
    const stays = subscribeByWebSocket({ url, query: FOLLOW, token: await late('a') });
    const ends = subscribeByWebSocket({ url, query: FOLLOW, token: await soon('a') });
    await stays.ready;
    await ends.ready;
    await server.post('app_opened', { user_id: 'a' });
    expect(await ends.until(1)).toEqual([{ userId: 'a' }]);
    expect(await ends.ended).toMatchObject({
      code: 4403,
      reason: 'UNAUTHENTICATED: The token has expired.',
    });
    await server.post('app_opened', { user_id: 'a' });
    expect(await stays.until(2)).toHaveLength(2);
    expect(ends.received).toHaveLength(1);
    await stays.close();
  });

  test('an SSE subscription, with an error and the end; another one stays', async () => {
    const { url } = server;
    const stays = subscribeBySse({ url, query: FOLLOW, token: await late('b'), whole: true });
    const ends = subscribeBySse({ url, query: FOLLOW, token: await soon('b'), whole: true });
    await stays.ready;
    await ends.ready;
    await server.post('app_opened', { user_id: 'b' });
    const first = { data: { events: { userId: 'b' } } };
    expect(await ends.until(2)).toEqual([
      first,
      { errors: [{ message: 'The token has expired.', extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
    expect(await ends.ended).toBeUndefined();
    await server.post('app_opened', { user_id: 'b' });
    expect(await stays.until(2)).toEqual([first, first]);
    await stays.close();
  });

  test('a WebSocket whose client does not answer the close, by cutting it off', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      [
        'GET /graphql HTTP/1.1',
        `Host: ${hostname}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
        'Sec-WebSocket-Protocol: graphql-transport-ws',
        '\r\n',
      ].join('\r\n'),
    );
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    await once(socket, 'data');
    const payload = { Authorization: `Bearer ${await soon('c')}` };
    socket.write(textFrame(JSON.stringify({ type: 'connection_init', payload })));
    await once(socket, 'end');
    const text = Buffer.concat(received).toString('latin1');
    expect(text).toContain('connection_ack');
    expect(text).toContain('UNAUTHENTICATED: The token has expired.');
    socket.destroy();
  });

  test('a connection that has none open as well', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, [
      'graphql-transport-ws',
    ]);
    await once(socket, 'open');
    const payload = { Authorization: `Bearer ${await soon('d')}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    expect((await once(socket, 'close'))[0]).toBe(4403);
  });
});

/** A client's frame (RFC 6455, 5.2) of 126 to 65,535 bytes, with a mask of zeros. */
function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, body]);
}

describe.each(transports)('a client over %s', (transport) => {
  test('goes on with a fresh token from its cursor, without a gap or a repeat', async () => {
    let asked = 0;
    const client = connectClient({
      url: server.url,
      transport,
      token() {
        asked += 1;
        return asked === 1 ? soon('own') : late('own');
      },
    });
    const events = client.subscribe({ types: ['MESSAGE_READ'] });
    const taken: string[] = [];
    const posted: string[] = [];
    const post = async () => {
      posted.push((await server.post('message_read', { user_id: 'own' })).body.id);
    };
    const live = client.becomes('live');
    const first = events.next();
    await live;
    await post();
    taken.push((await first).value?.id ?? '');
    // What comes next comes before, in and after the change of tokens.
    const changed = client.becomes('connecting');
    const next = events.next();
    await changed;
    await post();
    taken.push((await next).value?.id ?? '');
    await post();
    await post();
    taken.push(...(await take(events, 2)).map(({ id }) => id));
    expect(taken).toEqual(posted);
    expect(asked).toBe(2);
    // With a fresh token it comes back at once.
    expect(client.statuses()).not.toContain('waiting');
  });
});
