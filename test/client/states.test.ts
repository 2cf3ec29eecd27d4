import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { LIVE } from '../documents.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { connectClient, take, transports } from './connect-client.ts';
import { headOf, postMany } from './stored-cursors.ts';
import { startTcpProxy } from './tcp-proxy.ts';

let server: TestServer;
let start: string;
beforeAll(async () => {
  server = await startTestServer();
  start = await headOf(server);
  await postMany(server, 12);
});
afterAll(() => server.close());

const connect = (options = {}) =>
  connectClient({ url: server.url, token: () => server.token(), ...options });

test.for(transports)(
  '%s: the state is live once the last stored event was taken',
  async (transport) => {
    const client = connect({ transport });
    expect(client.state).toEqual({ status: 'closed' });
    // The last matching event is not the last of the log.
    const events = client.subscribe({ userIds: ['user-1'], after: start });
    await take(events, 2);
    expect(client.statuses()).toEqual(['connecting', 'replaying']);
    await take(events, 1);
    expect(client.statuses()).toEqual(['connecting', 'replaying', 'live']);
    await events.return?.();
    expect(client.state).toEqual({ status: 'closed' });
  },
);

test('the state is live at once if nothing is stored after the cursor', async () => {
  const client = connect();
  const live = client.waitForStatus('live');
  void client.subscribe({ userIds: ['nobody'], after: start }).next();
  expect(await live).toEqual({ status: 'live', transport: 'websocket' });
  expect(client.statuses()).toEqual(['connecting', 'live']);
});

test("the client's state is that of its subscription farthest from live", async () => {
  const client = connect();
  const [replaying, live] = [client.subscribe({ after: start }), client.subscribe()];
  const own: string[] = [];
  await take(replaying, 1);
  void live.next();
  const third = client.subscribe({ onState: ({ status }) => own.push(status) });
  const connecting = client.waitForStatus('connecting');
  const pending = third.next();
  await connecting;
  expect(client.state.status).toBe('connecting');
  await third.return?.();
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(own).toEqual(['connecting', 'closed']);
  client.close();
  expect(client.state.status).toBe('closed');
});

test('a custom document is typed and delivered', async () => {
  const client = connect();
  const [event] = await take(client.subscribe({ after: start, document: LIVE }), 1);
  expect(event?.__typename).toBe('MessageSent');
});

test('falls back to SSE where WebSockets are blocked', async () => {
  const proxy = await startTcpProxy(server.url, { blocksWebSockets: true });
  const client = connect({ url: proxy.url });
  expect(await take(client.subscribe({ after: start }), 12)).toHaveLength(12);
  expect(client.state).toEqual({ status: 'live', transport: 'sse' });
  expect(client.statuses().filter((status) => status === 'waiting')).toHaveLength(2);
  await proxy.close();
});

test('does not fall back to SSE because the server is unavailable', async () => {
  const proxy = await startTcpProxy(server.url);
  proxy.cut();
  const client = connect({ url: proxy.url });
  const first = client.subscribe({ after: start }).next();
  for (let count = 0; count < 6; count += 1) await client.waitForStatus('waiting');
  proxy.restore();
  await first;
  expect(client.state).toEqual({ status: 'replaying', transport: 'websocket' });
  await proxy.close();
});

test('without a WebSocket implementation it uses SSE, or gives a clear error', async () => {
  // Node has a WebSocket from version 22 on.
  vi.stubGlobal('WebSocket', undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  const options = { webSocketImpl: undefined };
  const client = connect(options);
  await take(client.subscribe({ after: start }), 12);
  expect(client.state).toEqual({ status: 'live', transport: 'sse' });
  expect(() => connect({ ...options, transport: 'websocket' })).toThrow('give webSocketImpl');
});
