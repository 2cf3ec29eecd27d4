import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { freshDatabase } from '../utils/database.ts';
import { openStoredData } from '../utils/open-stored-data.ts';
import { deliveryOf, startTestServer } from '../utils/server.ts';
import { startDatabaseProxy } from './database-proxy.ts';

test('a delivery above the limit gets 503 with Retry-After, and is not kept', async () => {
  const server = await startTestServer({ maxWaiting: 0 });
  const storedData = await openStoredData(server.mongodbUri);
  for (const body of [deliveryOf('message_sent'), 'not JSON']) {
    const answer = await server.postOnce(body);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:eventline:problem:unavailable',
      title: 'Not now',
      status: 503,
      detail: 'too many deliveries are waiting',
      requestId: answer.headers.get('x-request-id'),
    });
  }
  expect(await storedData.events()).toEqual([]);
  expect(await storedData.quarantine()).toEqual([]);
  await storedData.close();
  await server.close();
});

test('queued deliveries are answered once durable, and those above the limit at once', async () => {
  const database = await freshDatabase();
  const proxy = await startDatabaseProxy(database.uri);
  const server = await startTestServer({ mongodbUri: proxy.uri, maxWaiting: 1 });
  const storedData = await openStoredData(database.uri);

  const message_id = randomUUID();
  const onItsWay = proxy.hold(message_id);
  let answered = false;
  const first = server.post('message_sent', { message_id }).finally(() => {
    answered = true;
  });
  await onItsWay;
  expect((await server.postOnce(deliveryOf('message_sent'))).status).toBe(503);
  expect(await storedData.events()).toEqual([]);
  expect(answered).toBe(false);

  proxy.release();
  expect((await first).body).toMatchObject({ status: 'stored', position: 1 });
  expect(await storedData.events()).toHaveLength(1);
  expect((await server.post('message_sent')).body).toMatchObject({ position: 2 });

  await storedData.close();
  await server.close();
  await proxy.close();
  await database.drop();
});

test('the bytes of queued bodies are bounded together: 503 at once, and room again afterwards', async () => {
  const database = await freshDatabase();
  const proxy = await startDatabaseProxy(database.uri);
  const server = await startTestServer({ mongodbUri: proxy.uri, maxUnderwayBytes: 1_000 });
  const message_id = randomUUID();
  const onItsWay = proxy.hold(message_id);
  const waiting = server.post('message_sent', { message_id, filler: 'x'.repeat(300) });
  await onItsWay;

  const large = deliveryOf('message_sent', { filler: 'x'.repeat(600) });
  const refused = await server.postOnce(large);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(refused.body.detail).toBe('too many bytes are waiting');

  proxy.release();
  expect((await waiting).status).toBe(200);
  expect((await server.postRaw(large)).status).toBe(200);
  await server.close();
  await proxy.close();
  await database.drop();
});

test('a single body above the bound is refused for too many bytes', async () => {
  const server = await startTestServer({ maxUnderwayBytes: 100 });
  expect((await server.postOnce(deliveryOf('message_sent'))).status).toBe(503);
  await server.close();
});
