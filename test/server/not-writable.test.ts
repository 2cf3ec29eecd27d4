import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../utils/database.ts';
import { scrape } from '../utils/scrape.ts';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../webhook/database-proxy.ts';
import { createLogSignal } from '../webhook/log-signal.ts';

const signal = createLogSignal();
let database: TestDatabase;
let proxy: DatabaseProxy;
let server: TestServer;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await startDatabaseProxy(database.uri);
  server = await startTestServer({
    mongodbUri: proxy.uri,
    timeoutMs: 200,
    logger: signal.logger,
  });
});
afterAll(async () => {
  await server.close();
  await proxy.close();
  await database.drop();
});

const ready = async () => {
  const response = await fetch(`${server.url}/health/ready`);
  return [response.status, await response.json()];
};
const isUp = async () => (await scrape(server.url)).get('eventline_database_up');

test('the server is not ready while the database accepts no writes, even without deliveries', async () => {
  expect((await server.post('app_opened')).status).toBe(200);
  const noticed = signal.next('the database takes no writes');
  // Reads have no write concern, so only writes are held.
  void proxy.hold('writeConcern');
  expect((await server.postOnce(deliveryOf('app_opened'))).status).toBe(503);
  await noticed;
  expect(await ready()).toEqual([
    503,
    { status: 'not ready', reason: 'the database takes no writes' },
  ]);
  expect(await isUp()).toBe(0);
  expect((await server.query('{ head }')).body.errors).toBeUndefined();

  const back = signal.next('the database takes writes again');
  proxy.release();
  await back;
  expect(await ready()).toEqual([200, { status: 'ready' }]);
  expect(await isUp()).toBe(1);
  expect((await server.post('message_sent')).status).toBe(200);
});

test('the server stays ready after one failed delivery if the next write succeeds', async () => {
  void proxy.hold('writeConcern');
  expect((await server.postOnce(deliveryOf('app_opened'))).status).toBe(503);
  proxy.release();
  expect(await ready()).toEqual([200, { status: 'ready' }]);
});
