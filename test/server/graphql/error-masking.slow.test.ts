import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorsOver } from '../../auth/operate.ts';
import { freshDatabase, type TestDatabase } from '../../utils/database.ts';
import { openStoredData, type StoredData } from '../../utils/open-stored-data.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { deliver, type Entry, expectLogged, get, ID, post, run, UNTOLD } from './told.ts';

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
