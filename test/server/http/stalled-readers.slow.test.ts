import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdTimers } from '../../auth/hold-long-timers.ts';
import { startTcpProxy } from '../../client/tcp-proxy.ts';
import { rawReaders, readByWebSocket } from '../../utils/raw-reader.ts';
import { deliveryOf, startTestServer, type TestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';

const ENDED = 'a reader that took nothing was ended';
const STALLED_MS = 2_000;
/** How long the server waits for a stalled reader to read the close frame. */
const GRACE_MS = 1_000;
/** How long ws waits for the answer to a close frame. */
const CLOSE_MS = 30_000;
const LARGE_BYTES = 2 * 1024 * 1024;
/** Much more than the kernel buffers hold for a reader that does not read. */
const LARGE_EVENTS = 10;
const query = 'subscription($after: String) { events(after: $after) { cursor payload } }';

let server: TestServer;
let reader: { url: string; token: string; query: string };
async function start(stalledReaderMs: number): Promise<void> {
  server = await startTestServer({ stalledReaderMs, webhookMaxBytes: LARGE_BYTES });
  reader = { url: server.url, token: await server.token(), query };
}
beforeEach(() => start(STALLED_MS));
afterEach(() => server.close());

async function postLarge(count: number): Promise<void> {
  for (let posted = 0; posted < count; posted += 1) {
    const text = 'x'.repeat(LARGE_BYTES - 1_000);
    const { status } = await server.postRaw(deliveryOf('message_sent', { text }));
    expect(status).toBe(200);
  }
}

const endedReaders = () =>
  server.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === ENDED);

describe.each(['websocket', 'sse'] as const)('by %s', (transport) => {
  test('a reader that takes nothing is ended, and its memory is freed', async () => {
    const stalled = await rawReaders[transport](reader);
    const live = await rawReaders[transport](reader);
    expect(server.open().subscriptions).toBe(2);
    stalled.pause();
    await postLarge(LARGE_EVENTS);
    await waitUntil(() => endedReaders().length > 0);
    await waitUntil(() => server.open().subscriptions === 1);
    expect(server.open().webSockets).toBe(transport === 'websocket' ? 1 : 0);
    expect(endedReaders()).toMatchObject([
      { transport: transport === 'websocket' ? 'websocket' : 'http' },
    ]);
    // This process holds at most the message being sent and the start of the next one.
    expect(endedReaders()[0].waitingBytes).toBeLessThan(1.1 * LARGE_BYTES);
    stalled.resume();
    await stalled.ended;
    expect(stalled.cursors.length).toBeLessThan(LARGE_EVENTS);
    await live.until(LARGE_EVENTS);
    live.close();
    await waitUntil(() => server.open().subscriptions === 0);
  });

  test('a slow reader stays longer than the limit, and gets everything', async () => {
    const events = 6;
    // 12 MB in steps of 100 ms: at least four times the limit, on any machine.
    const proxy = await startTcpProxy(server.url, { slowBytes: 256 * 1024 });
    const slow = await rawReaders[transport]({ ...reader, url: proxy.url });
    await postLarge(events);
    await slow.until(events);
    expect(new Set(slow.cursors).size).toBe(events);
    expect(endedReaders()).toEqual([]);
    slow.close();
    await proxy.close();
  });
});

test('a reader that resumes in time is closed with 1013 and the reason', async () => {
  // The server does not cut the connection while the reader catches up, however slow it is.
  holdTimers((delayMs) => delayMs === GRACE_MS || delayMs === CLOSE_MS);
  const stalled = await readByWebSocket(reader);
  stalled.pause();
  await postLarge(LARGE_EVENTS);
  await waitUntil(() => endedReaders().length === 1);
  stalled.resume();
  expect(await stalled.ended).toEqual({
    code: 1013,
    reason: expect.stringMatching(/^SERVICE_UNAVAILABLE: The client reads too slowly/),
  });
});

test('all subscriptions of a socket together hold no more than one large message', async () => {
  const stalled = await readByWebSocket({ ...reader, subscriptions: 40 });
  stalled.pause();
  await postLarge(4);
  await waitUntil(() => endedReaders().length === 1);
  expect(endedReaders()[0].waitingBytes).toBeLessThan(1.1 * LARGE_BYTES);
  await waitUntil(() => server.open().subscriptions === 0);
  stalled.resume();
  await stalled.ended;
});

test('all of them get everything if the socket is read', async () => {
  const many = await readByWebSocket({ ...reader, subscriptions: 40 });
  await postLarge(2);
  await many.until(80);
  expect(new Set(many.cursors).size).toBe(2);
  many.close();
});

test('requests of a client that does not read its answers are paused until it reads', async () => {
  const PINGS = 200_000;
  const flood = await readByWebSocket(reader);
  flood.pause();
  await postLarge(4);
  for (let sent = 0; sent < PINGS; sent += 1) flood.socket.send('{"type":"ping"}');
  await waitUntil(() => endedReaders().length === 1);
  // The answers alone would be 3.4 MB.
  expect(endedReaders()[0].waitingBytes).toBeLessThan(1.2 * LARGE_BYTES);
  flood.resume();
  await flood.ended;
});

test('a request sent while behind is answered after reading', async () => {
  // The time until it reads depends on the machine; other tests cover that it is ended.
  await server.close();
  await start(60_000);
  const behind = await readByWebSocket(reader);
  behind.pause();
  await postLarge(4);
  for (let sent = 0; sent < 5_000; sent += 1) behind.socket.send('{"type":"ping"}');
  let pongs = 0;
  const answered = new Promise<void>((resolve) => {
    behind.socket.on('message', (text) => {
      if (String(text) === '{"type":"pong"}') pongs += 1;
      if (pongs === 5_000) resolve();
    });
  });
  behind.resume();
  await Promise.all([answered, behind.until(4)]);
  behind.close();
});
