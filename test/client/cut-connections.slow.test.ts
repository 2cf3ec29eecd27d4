import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventFilter } from '../../src/client/create-events-client.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { connectClient, take, transports } from './connect-client.ts';
import { headOf, postMany, storedCursors } from './stored-cursors.ts';
import { startTcpProxy } from './tcp-proxy.ts';

const STORED_BEFORE = 120;
const POSTED_MEANWHILE = 20;

let server: TestServer;
let start: string;
beforeAll(async () => {
  server = await startTestServer();
  start = await headOf(server);
  await postMany(server, STORED_BEFORE);
});
afterAll(() => server.close());

const filters: EventFilter[] = [
  {},
  { types: ['MESSAGE_SENT', 'APP_OPENED'] },
  { userIds: ['user-1', 'user-2'] },
  { types: ['MESSAGE_READ'], userIds: ['user-3'] },
];

test.for(transports)(
  '%s: the sequence equals the log, wherever connections are cut',
  async (transport) => {
    let reconnects = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 5, maxLength: 60 }),
        fc.constantFrom(...filters),
        fc.integer({ min: 1, max: 40 }),
        async (cutsAfterBytes, filter, maxWaiting) => {
          const proxy = await startTcpProxy(server.url, { cutsAfterBytes });
          const { url } = proxy;
          const client = connectClient({ url, token: () => server.token(), transport, maxWaiting });
          const events = client.subscribe({ ...filter, after: start });
          const first = events.next();
          await postMany(server, POSTED_MEANWHILE);
          const expected = await storedCursors(server, filter);
          const got = [
            await first.then(({ value }) => value),
            ...(await take(events, expected.length - 1)),
          ];
          expect(got.map((event) => event?.cursor)).toEqual(expected);
          reconnects += proxy.streamsSeen() - 1;
          await events.return?.();
          await proxy.close();
        },
      ),
      { seed: 6, numRuns: 8, endOnFailure: true },
    );
    expect(reconnects).toBeGreaterThan(20);
  },
);

test.for(transports)(
  '%s: a connection lost before the first event misses nothing',
  async (transport) => {
    const proxy = await startTcpProxy(server.url);
    const client = connectClient({ url: proxy.url, token: () => server.token(), transport });
    const events = client.subscribe({ userIds: ['early'] });
    const live = client.waitForStatus('live');
    const first = events.next();
    await live;
    const waiting = client.waitForStatus('waiting');
    proxy.cut();
    const state = await waiting;
    await server.post('app_opened', { user_id: 'early' });
    expect(state).toMatchObject({ status: 'waiting', delayMs: expect.any(Number) });
    proxy.restore();
    expect((await first).value).toMatchObject({ userId: 'early', type: 'APP_OPENED' });
    expect(client.state).toEqual({ status: 'live', transport });
    await proxy.close();
  },
);

test('websocket: a silent connection is detected', async () => {
  const proxy = await startTcpProxy(server.url);
  const client = connectClient({
    url: proxy.url,
    token: () => server.token(),
    transport: 'websocket',
    heartbeatMs: 1_000,
  });
  const live = client.waitForStatus('live');
  const first = client.subscribe({ userIds: ['silence'] }).next();
  await live;
  proxy.freeze();
  await server.post('app_opened', { user_id: 'silence' });
  expect((await first).value?.userId).toBe('silence');
  expect(proxy.streamsSeen()).toBeGreaterThan(1);
  await proxy.close();
});
