import { once } from 'node:events';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../../utils/server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ stalledReaderMs: 1_000 });
});
afterEach(() => server.close());

async function connect(options = {}) {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
    options,
  );
  let pings = 0;
  socket.on('ping', () => {
    pings += 1;
  });
  await once(socket, 'open');
  const authorization = `Bearer ${await server.token()}`;
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: { Authorization: authorization } }),
  );
  await once(socket, 'message');
  const pinged = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (pings >= count) resolve();
      };
      socket.on('ping', check);
      check();
    });
  return { socket, pinged, pings: () => pings };
}

test('a peer that answers no ping is ended; peers that answer stay', async () => {
  const dead = await connect({ autoPong: false });
  const idle = await connect();
  const [code] = await once(dead.socket, 'close');
  expect(code).toBe(1006);
  // It was pinged once, not repeatedly.
  expect(dead.pings()).toBe(1);
  await idle.pinged(4);
  expect(idle.socket.readyState).toBe(WebSocket.OPEN);
  expect(server.open().webSockets).toBe(1);
  idle.socket.terminate();
});

test('a peer that sends anything is alive, even without pongs', async () => {
  const talking = await connect({ autoPong: false });
  const idle = await connect();
  const saying = setInterval(() => talking.socket.send('{"type":"ping"}'), 20);
  onTestFinished(() => clearInterval(saying));
  await idle.pinged(6);
  clearInterval(saying);
  expect(talking.socket.readyState).toBe(WebSocket.OPEN);
  // The peer sends nothing from now on.
  await once(talking.socket, 'close');
  expect(talking.pings()).toBe(1);
  idle.socket.terminate();
});
