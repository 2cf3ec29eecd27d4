import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { signToken } from '../../src/auth/sign-token.ts';
import { connectClient, take, transports } from '../client/connect-client.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { holdLongTimers } from './hold-long-timers.ts';

const FOLLOW = 'subscription { events { userId } }';
const HOUR_MS = 3_600_000;
/** Maximum delay of a timer; a longer wait is split. */
const LONGEST_MS = 2 ** 31 - 1;

/** A token whose expiry the test triggers with `fire(2 * HOUR_MS)`. */
const soon = () => signToken(JWT_SECRET, { user: 'own' }, '2 hours');
/** Longer than a timer allows: 60 days would overflow and fire at once. */
const late = () => signToken(JWT_SECRET, { user: 'own' }, '60 days');

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('an expired token', () => {
  test('ends all subscriptions on its WebSocket with 4403, and no other socket', async () => {
    const timers = holdLongTimers();
    const { url } = server;
    const stays = subscribeByWebSocket({ url, query: FOLLOW, token: await late() });
    const ends = subscribeByWebSocket({ url, query: FOLLOW, token: await soon() });
    await stays.ready;
    await ends.ready;
    await server.post('app_opened', { user_id: 'own' });
    expect(await ends.until(1)).toEqual([{ userId: 'own' }]);
    timers.fire(2 * HOUR_MS);
    expect(await ends.ended).toMatchObject({
      code: 4403,
      reason: 'UNAUTHENTICATED: The token has expired.',
    });
    // Ends the first part of a long wait.
    timers.fire(LONGEST_MS);
    await server.post('app_opened', { user_id: 'own' });
    expect(await stays.until(2)).toHaveLength(2);
    expect(ends.received).toHaveLength(1);
    expect(timers.waiting()).toEqual([LONGEST_MS]);
    await stays.close();
  });

  test('ends an SSE subscription with an error, and no other subscription', async () => {
    const timers = holdLongTimers();
    const { url } = server;
    const stays = subscribeBySse({ url, query: FOLLOW, token: await late(), whole: true });
    const ends = subscribeBySse({ url, query: FOLLOW, token: await soon(), whole: true });
    await stays.ready;
    await ends.ready;
    await server.post('app_opened', { user_id: 'own' });
    const first = { data: { events: { userId: 'own' } } };
    expect(await ends.until(1)).toEqual([first]);
    timers.fire(2 * HOUR_MS);
    expect(await ends.until(2)).toEqual([
      first,
      {
        errors: [
          {
            message: 'The token has expired.',
            extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
          },
        ],
      },
    ]);
    expect(await ends.ended).toBeUndefined();
    await server.post('app_opened', { user_id: 'own' });
    expect(await stays.until(2)).toEqual([first, first]);
    await stays.close();
  });

  test('ends a WebSocket whose client ignores the close frame', async () => {
    const timers = holdLongTimers();
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
    const payload = { Authorization: `Bearer ${await soon()}` };
    socket.write(textFrame(JSON.stringify({ type: 'connection_init', payload })));
    await once(socket, 'data');
    timers.fire(2 * HOUR_MS);
    await once(socket, 'end');
    const text = Buffer.concat(received).toString('latin1');
    expect(text).toContain('connection_ack');
    expect(text).toContain('UNAUTHENTICATED: The token has expired.');
    socket.destroy();
  });

  test('ends a connection without subscriptions, by the real clock', async () => {
    const endpoint = `${server.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(endpoint, ['graphql-transport-ws']);
    await once(socket, 'open');
    // Expired by its claim, but accepted for some seconds: clocks may differ by five.
    const token = await signToken(JWT_SECRET, { user: 'own' }, '3 seconds ago');
    const payload = { Authorization: `Bearer ${token}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    expect((await once(socket, 'close'))[0]).toBe(4403);
  });
});

test('leaves no timer for a connection that was closed before', async () => {
  const timers = holdLongTimers();
  const { url } = server;
  for (const subscribe of [subscribeByWebSocket, subscribeBySse]) {
    const subscriber = subscribe({ url, query: FOLLOW, token: await soon() });
    await subscriber.ready;
    await server.post('app_opened', { user_id: 'own' });
    await subscriber.until(1);
    expect(timers.waiting()).toHaveLength(1);
    await subscriber.close();
    await waitUntil(() => timers.waiting().length === 0);
  }
});

/** A client frame (RFC 6455 §5.2) of 126 to 65,535 bytes, with a mask of zeros. */
function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, body]);
}

describe.each(transports)('a client over %s', (transport) => {
  test('resumes from its cursor with a fresh token, without gaps or duplicates', async () => {
    const timers = holdLongTimers();
    let asked = 0;
    const client = connectClient({
      url: server.url,
      transport,
      token() {
        asked += 1;
        return asked === 1 ? soon() : late();
      },
    });
    const events = client.subscribe({ types: ['MESSAGE_READ'] });
    const taken: string[] = [];
    const posted: string[] = [];
    const post = async () => {
      posted.push((await server.post('message_read', { user_id: 'own' })).body.id);
    };
    const live = client.waitForStatus('live');
    const first = events.next();
    await live;
    await post();
    taken.push((await first).value?.id ?? '');
    // Events arrive before, during and after the change of tokens.
    const changed = client.waitForStatus('connecting');
    const next = events.next();
    timers.fire(2 * HOUR_MS);
    await changed;
    await post();
    taken.push((await next).value?.id ?? '');
    await post();
    await post();
    taken.push(...(await take(events, 2)).map(({ id }) => id));
    expect(taken).toEqual(posted);
    expect(asked).toBe(2);
    // With a fresh token it reconnects at once.
    expect(client.statuses()).not.toContain('waiting');
  });
});
