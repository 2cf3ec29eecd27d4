import { Agent, request } from 'node:http';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../../src/webhook/sign.ts';
import { freshDatabase } from '../../utils/database.ts';
import { openSocket } from '../../utils/open-socket.ts';
import {
  deliveryOf,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const refused = [
  {
    message: expect.stringContaining('introspects too much'),
    extensions: { code: 'BAD_USER_INPUT' },
  },
];
const TYPES = 'types { name fields { name type { name } } }';

describe('introspection', () => {
  test.each([
    ['by aliases', `{ a: __schema { ${TYPES} } b: __schema { ${TYPES} } }`],
    [
      'by a fragment that is spread twice',
      '{ ...S b: __typename ... on Query { ...S } c: __schema { queryType { name } } } fragment S on Query { __schema { queryType { name } } }',
    ],
    [
      'of lists by aliases',
      `{ __schema { ${Array.from({ length: 12 }, (_, index) => `a${index}: types { fields { name description args { name description type { name } } type { name kind } } }`).join(' ')} } }`,
    ],
  ])('is refused: %s', async (_, query) => {
    expect((await server.query(query)).body.errors).toMatchObject(refused);
    const socket = await openSocket(server.url, await server.token());
    expect(await socket.errorsOf({ query })).toMatchObject(refused);
    await socket.close();
  });

  test.each([
    getIntrospectionQuery(),
    getIntrospectionQuery({
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
    '{ __type(name: "User") { fields { name } } head }',
  ])('of common tools is answered', async (query) => {
    expect((await server.query(query)).body.errors).toBeUndefined();
  });
});

describe('a viewer', () => {
  const query = '{ events(last: 1) { edges { cursor } } }';
  const limited = {
    message: expect.stringContaining('MAX_QUERIES_PER_VIEWER'),
    extensions: { code: 'RATE_LIMITED' },
  };

  /** A server whose database does not answer reads until they are released. */
  async function startSlow() {
    const database = await freshDatabase();
    const proxy = await startDatabaseProxy(database.uri);
    const slow = await startTestServer({
      mongodbUri: proxy.uri,
      limits: { maxQueriesPerViewer: 2 },
    });
    await slow.post('app_opened');
    return {
      slow,
      hold: () => proxy.hold('find'),
      release: proxy.release,
      async close() {
        await slow.close();
        await proxy.close();
        await database.drop();
      },
    };
  }

  test('has a limit of concurrent queries, and the refusal says when to retry', async () => {
    const { slow, hold, release, close } = await startSlow();
    const token = await slow.token();
    const held = hold();
    const waiting = [slow.query(query, {}, token), slow.query(query, {}, token)];
    await held;
    // Both are counted before the database is asked.
    const answers = [];
    for (let index = 0; index < 20; index += 1) {
      answers.push(await slow.query('{ head }', {}, token));
    }
    const { status, headers, body } = answers.at(-1) ?? answers[0] ?? { status: 0 };
    expect(status).toBe(429);
    expect(headers?.get('retry-after')).toBe('1');
    expect(body.errors).toMatchObject([limited]);
    // Another viewer has a share of its own.
    const other = await slow.token({ sub: 'other' });
    expect((await slow.query('{ head }', {}, other)).status).toBe(200);
    release();
    for (const { status: done } of await Promise.all(waiting)) expect(done).toBe(200);
    await close();
  });

  test('has as many over all WebSockets and HTTP together', async () => {
    const { slow, hold, release, close } = await startSlow();
    const token = await slow.token();
    const sockets = [await openSocket(slow.url, token), await openSocket(slow.url, token)];
    const held = hold();
    for (const socket of sockets) socket.start('waits', { query });
    await held;
    const third = await openSocket(slow.url, token);
    // Messages of other sockets may be read first.
    await waitUntil(async () => (await third.errorsOf({ query: '{ head }' })).length > 0);
    expect(await third.errorsOf({ query: '{ head }' })).toMatchObject([limited]);
    expect((await slow.query('{ head }', {}, token)).body.errors).toMatchObject([limited]);
    // Subscriptions have a limit of their own.
    third.start('live', { query: 'subscription { events { cursor } }' });
    release();
    for (const socket of sockets)
      expect(await socket.next('waits')).toMatchObject({ type: 'next' });
    await waitUntil(async () => (await third.errorsOf({ query: '{ head }' })).length === 0);
    await slow.post('app_opened');
    expect(await third.next('live')).toMatchObject({ type: 'next' });
    for (const socket of [...sockets, third]) await socket.close();
    await close();
  });

  test('has them counted until they are executed, also those it does not wait for', async () => {
    const { slow, hold, release, close } = await startSlow();
    const token = await slow.token();
    const held = hold();
    const left = new AbortController();
    const send = () =>
      fetch(`${slow.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
        signal: left.signal,
      }).catch(() => undefined);
    const waiting = [send(), send()];
    await held;
    await waitUntil(async () => (await slow.query('{ head }', {}, token)).status === 429);
    left.abort();
    await Promise.all(waiting);
    // The server notices the losses while it answers these.
    for (let index = 0; index < 20; index += 1) {
      expect((await slow.query('{ head }', {}, token)).status).toBe(429);
    }
    release();
    await waitUntil(async () => (await slow.query('{ head }', {}, token)).status === 200);
    await close();
  });
});

test('deliveries are answered while introspections are under way', async () => {
  const busy = await startTestServer({
    limits: { maxQueriesPerViewer: 1_000, maxConnectionsPerViewer: 1_000 },
  });
  const token = await busy.token();
  const introspections = Array.from(
    { length: 60 },
    (_, index) => `${getIntrospectionQuery()} # ${index}`,
  );
  const sockets = await Promise.all(introspections.map(() => openSocket(busy.url, token)));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** Over a connection that is open before. */
  const deliver = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const body = deliveryOf('app_opened');
      const headers = {
        'Content-Type': 'application/json',
        'X-Signature': sign(Buffer.from(body), WEBHOOK_SECRET),
      };
      request(`${busy.url}/webhooks/events`, { agent, method: 'POST', headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      })
        .once('error', reject)
        .end(body);
    });
  expect(await deliver()).toBe(200);
  let done = 0;
  const all = introspections.map(async (query, index) => {
    expect(await sockets[index]?.errorsOf({ query })).toEqual([]);
    done += 1;
  });
  expect(await deliver()).toBe(200);
  const doneBefore = done;
  await Promise.all(all);
  expect(doneBefore).toBeLessThan(introspections.length / 2);
  for (const socket of sockets) await socket.close();
  agent.destroy();
  await busy.close();
});
