import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../utils/database.ts';
import { openStoredData, type StoredData } from '../utils/open-stored-data.ts';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts';
import { createLogSignal } from './log-signal.ts';

const unavailable = {
  type: 'urn:eventline:problem:unavailable',
  title: 'Not now',
  status: 503,
};
const signal = createLogSignal();
let database: TestDatabase;
let proxy: DatabaseProxy;
let server: TestServer;
let storedData: StoredData;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await startDatabaseProxy(database.uri);
  server = await startTestServer({
    mongodbUri: proxy.uri,
    timeoutMs: 100,
    logger: signal.logger,
  });
  storedData = await openStoredData(database.uri);
});
afterAll(async () => {
  await storedData.close();
  await server.close();
  await proxy.close();
  await database.drop();
});

describe('while the database is unavailable', () => {
  const body = deliveryOf('message_sent');

  test('deliveries get 503, and afterwards the same ones are accepted', async () => {
    expect((await server.post('message_sent')).body).toMatchObject({ position: 1 });

    const noticed = signal.next('the database cannot be followed');
    proxy.cut();
    const [good, bad, forged, read] = await Promise.all([
      server.postOnce(body),
      server.postOnce('not JSON'),
      server.postOnce(body, { 'X-Signature': 'sha256=AA==' }),
      server.query('{ events { edges { cursor } } }'),
    ]);
    expect([good.status, good.headers.get('retry-after')]).toEqual([503, '5']);
    expect(good.headers.get('content-type')).toBe('application/problem+json');
    expect(good.body).toMatchObject(unavailable);
    expect([bad.status, bad.headers.get('retry-after')]).toEqual([503, '5']);
    expect(bad.body).toMatchObject(unavailable);
    expect(bad.body.quarantined).toBeUndefined();
    expect(forged.status).toBe(401);
    expect(read.body.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);

    await noticed;
    const live = await fetch(`${server.url}/health/live`);
    const ready = await fetch(`${server.url}/health/ready`);
    expect([live.status, ready.status]).toEqual([200, 503]);
    expect(await ready.json()).toEqual({
      status: 'not ready',
      reason: 'the database cannot be followed',
    });
    expect(await storedData.events()).toHaveLength(1);
    expect(await storedData.quarantine()).toEqual([]);

    const back = signal.next('the database is back');
    proxy.restore();
    await back;
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    const taken = await server.postRaw(body);
    expect(taken.status).toBe(200);
    // Until it has renewed the writer lease, it acknowledges from the inbox, without a position.
    let { position } = taken.body;
    while (position === undefined) ({ position } = (await server.postRaw(body)).body);
    expect(position).toBe(2);
    expect((await server.postRaw('not JSON')).body).toMatchObject({ quarantined: true });
    expect((await storedData.events()).map(({ position }) => position)).toEqual([1, 2]);
  });
});
