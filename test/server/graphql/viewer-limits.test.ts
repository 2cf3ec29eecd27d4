import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signToken } from '../../../src/auth/sign-token.ts';
import { LIVE } from '../../documents.ts';
import { freshDatabase } from '../../utils/database.ts';
import { openSocket } from '../../utils/open-socket.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../../utils/server.ts';
import { subscribeBySse } from '../../utils/subscribe.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';

const query = LIVE.toString();
let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer({
    limits: {
      maxConnectionsPerViewer: 2,
      maxOperationsPerSocket: 3,
      maxSubscriptionsPerViewer: 4,
    },
  });
  token = await server.token({ sub: 'one' });
});
afterEach(() => server.close());

const subscribe = (bearer = token) => subscribeBySse({ url: server.url, query, token: bearer });
const post = (accept: string) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: accept,
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query }),
  });
const RATE_LIMITED = (message: string) => [{ message, extensions: { code: 'RATE_LIMITED' } }];
const TOO_MANY_CONNECTIONS = 'A viewer may have 2 (MAX_CONNECTIONS_PER_VIEWER) connections open.';

describe('connections of one viewer', () => {
  test('a third WebSocket is closed with 1013 and the limit, so that clients retry', async () => {
    const open = [await openSocket(server.url, token), await openSocket(server.url, token)];
    await expect(openSocket(server.url, token)).rejects.toThrow(
      `closed with 1013 RATE_LIMITED: ${TOO_MANY_CONNECTIONS}`,
    );
    // A closed connection makes room, also for another token of the same user.
    await open[0]?.close();
    const again = await openSocket(server.url, await server.token({ sub: 'one', scope: 'x' }));
    await expect(openSocket(server.url, token)).rejects.toThrow('RATE_LIMITED');
    await again.close();
    await open[1]?.close();
  });

  test('an event stream counts too, and gets 429', async () => {
    const socket = await openSocket(server.url, token);
    const stream = subscribe();
    await stream.ready;
    const response = await post('text/event-stream');
    expect(response.status).toBe(429);
    expect(await response.text()).toContain(TOO_MANY_CONNECTIONS);
    const refused = subscribe();
    expect(await refused.ended).toMatchObject(RATE_LIMITED(TOO_MANY_CONNECTIONS));
    await socket.close();
    await stream.close();
  });

  test('an event stream whose client left no longer counts', async () => {
    for (let round = 0; round < 6; round += 1) {
      const stream = subscribe();
      await stream.ready;
      const ended = stream.close();
      await ended;
      // The server notices a lost connection with a delay; until then a new one is refused.
      await untilTaken();
    }
  });

  test('users, and tools without a user, have separate limits', async () => {
    const tool = (issuer: string) => signToken(JWT_SECRET, { scope: 'events:read', issuer }, '2h');
    const sockets = [];
    for (const bearer of [
      token,
      await server.token({ sub: 'two' }),
      await tool('a'),
      await tool('b'),
    ]) {
      sockets.push(await openSocket(server.url, bearer), await openSocket(server.url, bearer));
      await expect(openSocket(server.url, bearer)).rejects.toThrow('RATE_LIMITED');
    }
    for (const socket of sockets) await socket.close();
  });

  test('another encoding of the same signature is the same tool', async () => {
    const tool = await signToken(JWT_SECRET, { scope: 'events:read' }, '2h');
    const open = [await openSocket(server.url, tool), await openSocket(server.url, tool)];
    for (const spelling of [`  ${tool}`, `${tool} `]) {
      await expect(openSocket(server.url, spelling)).rejects.toThrow('RATE_LIMITED');
    }
    for (const socket of open) await socket.close();
  });

  function untilTaken(): Promise<void> {
    return waitUntil(async () => {
      const stream = subscribe();
      await stream.ready;
      const other = subscribe();
      const first = await Promise.race([other.ended, other.ready.then(() => 'open')]);
      await Promise.all([stream.close(), other.close()]);
      return first === 'open';
    });
  }
});

describe('operations of one viewer', () => {
  test('a fourth on one socket is refused, and a finished one makes room', async () => {
    const socket = await openSocket(server.url, token);
    for (const id of ['a', 'b', 'c']) socket.start(id, { query });
    const message = 'A socket may have 3 (MAX_OPERATIONS_PER_SOCKET) operations open.';
    expect(await socket.errorsOf({ query })).toMatchObject(RATE_LIMITED(message));
    expect(await socket.errorsOf({ query: '{ head }' })).toMatchObject(RATE_LIMITED(message));
    socket.send({ id: 'a', type: 'complete' });
    expect(await socket.errorsOf({ query: '{ head }' })).toEqual([]);
    await socket.close();
  });

  test('a cancelled query counts until the database has answered', async () => {
    const database = await freshDatabase();
    const proxy = await startDatabaseProxy(database.uri);
    const limits = { maxOperationsPerSocket: 3 };
    const slow = await startTestServer({ mongodbUri: proxy.uri, limits });
    await slow.post('app_opened');
    const socket = await openSocket(slow.url, await slow.token());
    const held = proxy.hold('find');
    for (const id of ['a', 'b', 'c']) {
      socket.start(id, { query: '{ events(last: 1) { edges { cursor } } }' });
      socket.send({ id, type: 'complete' });
    }
    await held;
    expect(await socket.errorsOf({ query: '{ head }' })).toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ]);
    proxy.release();
    await waitUntil(async () => (await socket.errorsOf({ query: '{ head }' })).length === 0);
    await socket.close();
    await slow.close();
    await proxy.close();
    await database.drop();
  });

  test('a fifth subscription is refused on any connection, and queries are not', async () => {
    const [one, other] = [await openSocket(server.url, token), await openSocket(server.url, token)];
    for (const id of ['a', 'b']) {
      one.start(id, { query });
      other.start(id, { query });
    }
    const message = 'A viewer may have 4 (MAX_SUBSCRIPTIONS_PER_VIEWER) subscriptions open.';
    // The server handles a socket's messages in order, so an answered query proves the earlier
    // ones.
    expect(await other.errorsOf({ query: '{ head }' })).toEqual([]);
    expect(await one.errorsOf({ query: '{ head }' })).toEqual([]);
    expect(await one.errorsOf({ query })).toMatchObject(RATE_LIMITED(message));
    await other.close();
    one.start('c', { query });
    await waitUntil(() => server.open().subscriptions === 3);
    await server.post('app_opened', { user_id: 'one' });
    expect(await one.next('c')).toMatchObject({ type: 'next', payload: { data: {} } });
    await one.close();
  });

  test('a subscription with a large request counts as several, and may be the only one', async () => {
    const socket = await openSocket(server.url, token);
    const large = `${query} # ${'x'.repeat(40_000)}`;
    const deep = { variables: { unused: JSON.parse(`${'['.repeat(1_500)}${']'.repeat(1_500)}`) } };
    socket.start('a', { query: large });
    socket.start('b', { query });
    await waitUntil(() => server.open().subscriptions === 2);
    expect(await socket.errorsOf({ query, ...deep })).toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ]);
    socket.send({ id: 'a', type: 'complete' });
    socket.send({ id: 'b', type: 'complete' });
    await waitUntil(() => server.open().subscriptions === 0);
    socket.start('c', { query: `${large}${'x'.repeat(100_000)}` });
    await waitUntil(() => server.open().subscriptions === 1);
    expect(await socket.errorsOf({ query })).toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ]);
    await socket.close();
  });

  test('refused or failed subscriptions do not count', async () => {
    const socket = await openSocket(server.url, token);
    for (let round = 0; round < 10; round += 1) {
      const after = 'not-a-cursor';
      const errors = await socket.errorsOf({ query, variables: { after } });
      expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
    }
    for (const id of ['a', 'b', 'c']) socket.start(id, { query });
    await waitUntil(() => server.open().subscriptions === 3);
    await server.post('app_opened', { user_id: 'one' });
    for (const id of ['a', 'b', 'c']) expect(await socket.next(id)).toMatchObject({ type: 'next' });
    await socket.close();
  });
});

test('a subscription without an event stream is refused, and leaves nothing open', async () => {
  for (let round = 0; round < 6; round += 1) {
    const response = await post('application/json');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('Accept: text/event-stream') }],
    });
    const byApollo = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';
    expect((await post(byApollo)).status).toBe(400);
    expect((await post('multipart/mixed')).status).toBe(406);
  }
  const stream = subscribe();
  await stream.ready;
  await server.post('app_opened', { user_id: 'one' });
  await stream.until(1);
  await stream.close();
});

describe('queries over WebSocket', () => {
  test('are refused if the setting says so, and subscriptions are not', async () => {
    const quiet = await startTestServer({ webSocketQueries: false });
    const socket = await openSocket(quiet.url, await quiet.token());
    expect(await socket.errorsOf({ query: '{ head }' })).toMatchObject([
      {
        message:
          'WEBSOCKET_QUERIES=off: only subscriptions are allowed over WebSocket, not a query. Send it over HTTP.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    socket.start('a', { query });
    await waitUntil(() => quiet.open().subscriptions === 1);
    await quiet.post('app_opened');
    expect(await socket.next('a')).toMatchObject({ type: 'next' });
    expect((await quiet.query('{ head }')).body.errors).toBeUndefined();
    await socket.close();
    await quiet.close();
  });
});
