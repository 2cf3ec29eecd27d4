import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { connectClient, take, transports } from './connect-client.ts';
import { headOf, storedCursors } from './stored-cursors.ts';

const LARGE_BYTES = 1024 * 1024;
/** Much more than the kernel buffers hold for a reader that does not read. */
const LARGE_EVENTS = 20;

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ stalledReaderMs: 500, webhookMaxBytes: LARGE_BYTES });
});
afterEach(() => server.close());

async function postLarge(): Promise<void> {
  const text = 'x'.repeat(LARGE_BYTES - 1_000);
  const bodies = Array.from({ length: LARGE_EVENTS }, () => deliveryOf('message_sent', { text }));
  for (const body of bodies) expect((await server.postRaw(body)).status).toBe(200);
}

const nobodySubscribed = () => waitUntil(() => server.open().subscriptions === 0);

test.each(transports)(
  '%s: a connection that the server ended as stalled resumes after its last event',
  async (transport) => {
    const sockets: WebSocket[] = [];
    class Kept extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args);
        sockets.push(this);
      }
    }
    const token = () => server.token();
    const client = connectClient({ url: server.url, token, transport, webSocketImpl: Kept });
    const lost = client.waitForStatus('waiting');
    const events = client.subscribe({ after: await headOf(server) });
    const first = events.next();
    await server.post('app_opened', { user_id: 'first' });
    const cursors = [(await first).value?.cursor];
    // A WebSocket reads by itself unless its page is frozen; SSE reads on demand.
    for (const socket of sockets) socket.pause();
    await postLarge();
    await nobodySubscribed();
    for (const socket of sockets) socket.resume();

    const rest = take(events, LARGE_EVENTS);
    expect(await lost).toMatchObject({ cause: { kind: 'lost' } });
    cursors.push(...(await rest).map(({ cursor }) => cursor));
    expect(cursors).toEqual(await storedCursors(server));
    const next = events.next();
    await server.post('app_opened', { user_id: 'last' });
    expect((await next).value?.userId).toBe('last');
  },
);
