import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { freshDatabase } from '../utils/database.ts';
import { deliveryOf, startTestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { startDatabaseProxy } from './database-proxy.ts';
import { lookBehind } from './look-behind.ts';
import { webhookHead } from './send-raw.ts';

/** A connection of one's own, to send in parts. */
function connectTo(url: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  const waiters = new Set<() => void>();
  socket.on('data', (chunk) => {
    text += chunk;
    for (const waiter of waiters) waiter();
  });
  return {
    socket,
    /** Resolves when this has come back. */
    answered: (part: string) =>
      new Promise<void>((resolve) => {
        const check = () => text.includes(part) && resolve();
        waiters.add(check);
        check();
      }),
  };
}

test('a delivery too many gets 503 with Retry-After, and nothing of it is kept', async () => {
  const server = await startTestServer({ maxWaiting: 0 });
  const behind = await lookBehind(server.mongodbUri);
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
  expect(await behind.events()).toEqual([]);
  expect(await behind.quarantine()).toEqual([]);
  await behind.close();
  await server.close();
});

test('what waits for the database is answered when it is durable, what is too many at once', async () => {
  const database = await freshDatabase();
  const proxy = await startDatabaseProxy(database.uri);
  const server = await startTestServer({ mongodbUri: proxy.uri, maxWaiting: 1 });
  const behind = await lookBehind(database.uri);

  const message_id = randomUUID();
  const onItsWay = proxy.hold(message_id);
  let answered = false;
  const first = server.post('message_sent', { message_id }).finally(() => {
    answered = true;
  });
  await onItsWay;
  expect((await server.postOnce(deliveryOf('message_sent'))).status).toBe(503);
  expect(await behind.events()).toEqual([]);
  expect(answered).toBe(false);

  proxy.release();
  expect((await first).body).toMatchObject({ status: 'stored', position: 1 });
  expect(await behind.events()).toHaveLength(1);
  expect((await server.post('message_sent')).body).toMatchObject({ position: 2 });

  await behind.close();
  await server.close();
  await proxy.close();
  await database.drop();
});

test('bodies that come in are bounded together: 503 at once, and room again afterwards', async () => {
  const server = await startTestServer({ maxUnderwayBytes: 1_000 });
  const behind = await lookBehind(server.mongodbUri);
  const half = connectTo(server.url);
  const slow = deliveryOf('message_sent', { filler: 'x'.repeat(500) });
  const head = webhookHead({
    'Content-Type': 'application/json',
    'X-Signature': sign(slow, WEBHOOK_SECRET),
    'Content-Length': slow.length,
    Expect: '100-continue',
  });
  half.socket.write(head);
  await half.answered('100 Continue');
  half.socket.write(slow.slice(0, -1));

  // What comes beside it and does not fit is refused, whether its length is announced or not.
  const large = deliveryOf('message_sent', { filler: 'x'.repeat(600) });
  let refused = await server.postOnce(large);
  await waitUntil(async () => {
    refused = await server.postOnce(large);
    return refused.status !== 200;
  });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(refused.body.detail).toBe('too many bytes are waiting');
  expect((await server.post('app_opened')).status).toBe(200);

  half.socket.write(slow.slice(-1));
  await half.answered('"stored"');
  expect((await server.postRaw(large)).status).toBe(200);
  half.socket.destroy();
  await behind.close();
  await server.close();
});

test('a single body that is larger than the bound is refused as too many bytes', async () => {
  const server = await startTestServer({ maxUnderwayBytes: 100 });
  expect((await server.postOnce(deliveryOf('message_sent'))).status).toBe(503);
  await server.close();
});
