// Longer than 250 lines: each source of an error, over each transport.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWebSocket } from '../../auth/open-web-socket.ts';
import { errorsOver } from '../../auth/operate.ts';
import { freshDatabase, type TestDatabase } from '../../utils/database.ts';
import { openSocket } from '../../utils/open-socket.ts';
import { openStoredData, type StoredData } from '../../utils/open-stored-data.ts';
import {
  deliveryOf,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../../utils/server.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../../webhook/database-proxy.ts';

const BOOM = 's3cret-of-the-original-error';
const boom = () => {
  throw new Error(`${BOOM} at /srv/private/file.ts`, { cause: new Error(BOOM) });
};
/** Parts of the original error that must not appear: its message, a stack, a path or a location. */
const UNTOLD =
  /s3cret|Cannot (?:read|convert)|of undefined|toISOString|hasOwn|TypeError|\bat \S+[:(]|node_modules|file:|\.ts\b|\.js\b|\/srv\/|mongodb|ECONN|127\.0\.0\.1/;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** The answer on any transport: its text, and its status or close code. */
interface Told {
  text: string;
  status?: number;
  close?: number;
}
type Entry = (server: TestServer, token: string) => Promise<Told>;

const post =
  (headers: object, body: object): Entry =>
  async (server, token) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
const run =
  (payload: object): Entry =>
  async (server, token) => {
    const socket = await openSocket(server.url, token);
    const errors = await socket.errorsOf(payload);
    // Only one operation failed; the socket still works.
    expect(await socket.errorsOf({ query: '{ __typename }' })).toEqual([]);
    await socket.close();
    return { text: JSON.stringify({ errors }) };
  };
const get =
  (path: string): Entry =>
  async (server) => {
    const response = await fetch(server.url + path);
    return { status: response.status, text: await response.text() };
  };
const deliver: Entry = async (server) => {
  const { status, body } = await server.postOnce(deliveryOf('app_opened'));
  return { status, text: JSON.stringify(body) };
};

/** The log has the request id from the answer, the original error, and no secret. */
function expectLogged(server: TestServer, { text }: Told, token: string, original: RegExp) {
  const [requestId = 'none'] = ID.exec(text) ?? [];
  const lines = server.logLines.filter((line) => line.includes(requestId));
  expect(lines.some((line) => original.test(line))).toBe(true);
  const log = server.logLines.join('');
  expect(log).not.toContain(token.split('.')[2]);
  expect(log).not.toContain(WEBHOOK_SECRET);
}

describe('stored data makes our own code throw', () => {
  let server: TestServer;
  let storedData: StoredData;
  let start: string;
  let broken: string;
  beforeAll(async () => {
    server = await startTestServer();
    storedData = await openStoredData(server.mongodbUri);
    for (const type of ['message_sent', 'message_sent', 'app_opened']) await server.post(type);
    const { body } = await server.query('{ events { edges { cursor node { id } } } }');
    start = body.data.events.edges[0].cursor;
    broken = body.data.events.edges[2].node.id;
    const events = storedData.collection('events');
    // Provokes an error in a resolver, and in the reader of the log.
    await events.updateOne({ position: 2 }, { $unset: { payload: '' } });
    await events.updateOne({ position: 3 }, { $unset: { occurredOn: '', occurredText: '' } });
  });
  afterAll(async () => {
    await storedData.close();
    await server.close();
  });

  // This type filter excludes the event that the reader of the log fails on.
  const TYPE = 'filter: { types: [MESSAGE_SENT] }';
  const RESOLVER = { query: `{ events(${TYPE}) { edges { node { payload } } } }` };
  const RESOLVED = `subscription ($after: String) { events(after: $after, ${TYPE}) { payload } }`;
  const READ = 'subscription ($after: String) { events(after: $after) { id } }';
  const follow =
    (transport: 'SSE' | 'WebSocket', query: string): Entry =>
    async (at, token) => {
      const errors = await errorsOver[transport](at, { query, variables: { after: start }, token });
      return { text: JSON.stringify(errors) };
    };
  const READER = { query: '{ events { edges { cursor } } }' };
  const STREAM = { Accept: 'text/event-stream' };
  test.each<[string, () => Entry]>([
    ['a query over HTTP, in a resolver', () => post({}, RESOLVER)],
    ['a query over HTTP, in the log', () => post({}, READER)],
    [
      'the same for graphql-response+json',
      () => post({ Accept: 'application/graphql-response+json' }, READER),
    ],
    ['a query by node, in the log', () => post({}, { query: `{ node(id: "${broken}") { id } }` })],
    ['a query over SSE', () => post(STREAM, READER)],
    ['a subscription over SSE, in a resolver', () => follow('SSE', RESOLVED)],
    ['a subscription over SSE, in its stream', () => follow('SSE', READ)],
    ['a query over WebSocket, in a resolver', () => run(RESOLVER)],
    ['a query over WebSocket, in the log', () => run(READER)],
    ['a subscription over WebSocket, in a resolver', () => follow('WebSocket', RESOLVED)],
    ['a subscription over WebSocket, in its stream', () => follow('WebSocket', READ)],
  ])('%s', async (_, entry) => {
    const token = await server.token();
    const told = await entry()(server, token);
    expect(told.text).toContain('"code":"INTERNAL_SERVER_ERROR"');
    expect(told.text).toMatch(
      new RegExp(`"message":"Something went wrong here. Quote the request id ${ID.source}."`),
    );
    expect(told.text).not.toMatch(UNTOLD);
    expect(told.text).not.toContain('"http"');
    expectLogged(server, told, token, /something failed here.*/);
    expectLogged(server, told, token, /Cannot (?:convert|read)/);
  });
});

describe('token verification throws', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ authenticate: async () => boom() });
  });
  afterAll(() => server.close());

  test.each<[string, Entry]>([
    ['HTTP', post({}, { query: '{ head }' })],
    ['SSE', post({ Accept: 'text/event-stream' }, { query: 'subscription { events { id } }' })],
    [
      'WebSocket',
      async ({ url }, token) => {
        const closed = await openWebSocket(url, { Authorization: `Bearer ${token}` });
        if ('acknowledged' in closed) throw new Error('it was let in');
        return { close: closed.code, text: closed.reason };
      },
    ],
  ])('over %s', async (transport, entry) => {
    const token = await server.token();
    const told = await entry(server, token);
    expect(transport === 'WebSocket' ? told.close : told.status).toBe(
      transport === 'WebSocket' ? 1011 : 500,
    );
    expect(told.text).toContain('INTERNAL_SERVER_ERROR');
    expect(told.text).toMatch(ID);
    expect(told.text).not.toMatch(UNTOLD);
    expectLogged(server, told, token, new RegExp(BOOM));
  });
});

describe('the database is unavailable', () => {
  let proxy: DatabaseProxy;
  let database: TestDatabase;
  let server: TestServer;
  let byId: { query: string };
  beforeAll(async () => {
    database = await freshDatabase();
    proxy = await startDatabaseProxy(database.uri);
    server = await startTestServer({ mongodbUri: proxy.uri, timeoutMs: 100 });
    const { body } = await server.post('app_opened');
    byId = { query: `{ event(id: "${body.id}") { id } }` };
    proxy.cut();
  });
  afterAll(async () => {
    await proxy.close();
    await server.close();
    await database.drop();
  });

  test.each<[string, Entry, RegExp]>([
    [
      'a query by id over HTTP',
      (...at) => post({}, byId)(...at),
      /"code":"SERVICE_UNAVAILABLE","requestId":"[\w-]{36}"/,
    ],
    [
      'a query by id over WebSocket',
      (...at) => run(byId)(...at),
      /"code":"SERVICE_UNAVAILABLE","requestId":"[\w-]{36}"/,
    ],
    ['a delivery', deliver, /"status":503.*"requestId":"[\w-]{36}"/],
    ['the check of readiness', get('/health/ready'), /"status":"(?:not )?ready"/],
  ])('%s', async (_, entry, expected) => {
    const told = await entry(server, await server.token());
    expect(told.text).toMatch(expected);
    expect(told.text).not.toMatch(UNTOLD);
  });
});

describe('other code throws', () => {
  test('in the signature check', async () => {
    const server = await startTestServer({ webhookSecrets: [{ [BOOM]: 1 }] as never });
    const told = await deliver(server, 'x.y.z');
    expect(told.status).toBe(500);
    expect(told.text).toMatch(ID);
    expect(told.text).not.toMatch(UNTOLD);
    const [requestId = 'none'] = ID.exec(told.text) ?? [];
    const lines = server.logLines.filter((line) => line.includes(requestId));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { answer: 'internal-error', err: { code: 'ERR_INVALID_ARG_TYPE' } },
    ]);
    await server.close();
  });

  test('in the readiness check', async () => {
    const server = await startTestServer({ databaseFault: boom });
    const told = await get('/health/ready')(server, '');
    expect(told.status).toBe(500);
    expect(told.text).toMatch(ID);
    expect(told.text).not.toMatch(UNTOLD);
    expectLogged(server, told, 'x.y.z', new RegExp(BOOM));
    await server.close();
  });
});

describe('missing things reveal nothing', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test.each([
    '/nothing',
    '/graphql/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/graphql%00',
    '/src/main.ts',
  ])('%s', async (path) => {
    const told = await get(path)(server, '');
    expect(told.status).toBe(404);
    expect(told.text).toMatch(
      new RegExp(`^{"error":"not found","code":"BAD_USER_INPUT","requestId":"${ID.source}"}$`),
    );
  });
});
