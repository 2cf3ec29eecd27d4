import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { connectClient, transports } from './connect-client.ts';
import { headOf } from './stored-cursors.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let server: TestServer;
let proxy: TcpProxy;
let start: string;
beforeAll(async () => {
  server = await startTestServer();
  proxy = await startTcpProxy(server.url);
  start = await headOf(server);
  await server.post('app_opened');
  await server.post('app_opened');
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});

const connect = (options = {}) =>
  connectClient({ url: proxy.url, token: () => server.token(), ...options });
const DONE = { done: true, value: undefined };

test.for(transports)('%s: leaving the loop closes the connection', async (transport) => {
  const client = connect({ transport });
  for await (const event of client.subscribe({ after: start })) {
    expect(event.cursor).toBeTypeOf('string');
    break;
  }
  expect(client.state.status).toBe('closed');
  await proxy.waitForNoStreams();
});

test.for(transports)(
  '%s: an aborted signal ends a loop that waits for an event',
  async (transport) => {
    const client = connect({ transport });
    const stop = new AbortController();
    const live = client.waitForStatus('live');
    const next = client.subscribe({ userIds: ['nobody'], signal: stop.signal }).next();
    await live;
    stop.abort();
    expect(await next).toEqual(DONE);
    await proxy.waitForNoStreams();
  },
);

test.for(transports)(
  '%s: the callback that reports `live` may end the subscription',
  async (transport) => {
    const stop = new AbortController();
    const client = connect({
      transport,
      signal: stop.signal,
      onState: ({ status }: { status: string }) => status === 'live' && stop.abort(),
    });
    expect(await client.subscribe().next()).toEqual(DONE);
    await proxy.waitForNoStreams();
  },
);

test('a subscription can end during the pause before a retry', async () => {
  const client = connect({ url: 'http://127.0.0.1:1', backOff: { firstMs: 1e6, longestMs: 1e6 } });
  const waiting = client.waitForStatus('waiting');
  const next = client.subscribe().next();
  expect(await waiting).toMatchObject({ cause: { kind: 'unreachable' } });
  client.close();
  expect(await next).toEqual(DONE);
});

test('a subscription can end while a token is being fetched', async () => {
  const client = connect({ token: () => new Promise<string>(() => undefined) });
  const events = client.subscribe();
  const connecting = client.waitForStatus('connecting');
  const next = events.next();
  await connecting;
  await events.return?.();
  expect(await next).toEqual(DONE);
});

test('a subscription can end while its WebSocket is opening', async () => {
  const client = connect({ transport: 'websocket' });
  const held = proxy.holdNextStream();
  const events = client.subscribe({ after: start });
  const next = events.next();
  await held;
  await events.return?.();
  expect(await next).toEqual(DONE);
  await proxy.waitForNoStreams();
});

test('a closed client or an aborted signal opens no connection', async () => {
  const client = connect();
  expect(await client.subscribe({ signal: AbortSignal.abort() }).next()).toEqual(DONE);
  client.close();
  expect(await client.subscribe().next()).toEqual(DONE);
  expect(client.statuses()).toEqual([]);
});
