import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LIVE } from '../../documents.ts';
import { freshDatabase } from '../../utils/database.ts';
import { deliveryOf, startTestServer } from '../../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../../utils/subscribe.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';

test('a stop ends streams and incomplete deliveries at once, and answers complete ones', async () => {
  const server = await startTestServer();
  const token = await server.token();
  const streams = [subscribeByWebSocket, subscribeBySse].map((subscribe) =>
    subscribe({ url: server.url, query: LIVE.toString(), token }),
  );
  await Promise.all(streams.map(({ ready }) => ready));
  const stalled = connect(Number(new URL(server.url).port), '127.0.0.1');
  const ended = new Promise((resolve) => stalled.once('close', resolve));
  stalled.on('error', () => undefined);
  const head = 'POST /webhooks/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  // The interim answer (100 Continue) proves that the delivery is being handled.
  const underway = new Promise((resolve) => stalled.once('data', resolve));
  stalled.write(`${head}Expect: 100-continue\r\nContent-Length: 100\r\n\r\n{"ty`);
  await underway;

  // The grace period for complete deliveries never ends here: nothing may wait for it.
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(new AbortController().signal);
  onTestFinished(() => void vi.restoreAllMocks());
  await server.close();
  await ended;
  await streams[0]?.ended;
  // It ended in an orderly way, without an error.
  expect(await streams[1]?.ended).toBeUndefined();
});

test('an invalid Host is refused before the routes use it', async () => {
  const server = await startTestServer();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.write(
    'POST /graphql HTTP/1.1\r\nHost: [::\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
  );
  await ended;
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).not.toMatch(/\bat |node_modules/);
  await server.close();
});

test('a stop ends in time while the database does not answer', async () => {
  const database = await freshDatabase();
  const proxy = await startDatabaseProxy(database.uri);
  onTestFinished(proxy.close);
  const server = await startTestServer({
    mongodbUri: proxy.uri,
    timeoutMs: 500,
    lastWordMs: 1_000,
  });
  const held = proxy.hold('insert');
  const unanswered = server.postOnce(deliveryOf('message_sent'));
  await held;
  await server.close();
  expect((await unanswered).status).toBe(503);
});
