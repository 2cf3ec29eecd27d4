import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createResumingSocket } from '../../src/client/graphql-ws/create-resuming-socket.ts';

/** Returns a WebSocket that never opens, and the address for which it is created. */
function createRecorder() {
  let record: (url: string) => void = () => undefined;
  const address = new Promise<string>((resolve) => {
    record = resolve;
  });
  class RecordingSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    constructor(url: string) {
      record(url);
    }
  }
  return { webSocketImpl: RecordingSocket, address };
}

const token = () => 'token';

test.for([
  ['https://events.example.com', 'wss://events.example.com/graphql'],
  ['http://127.0.0.1:4000/graphql', 'ws://127.0.0.1:4000/graphql'],
])('the socket for %s is opened at %s', async ([url = '', expected]) => {
  const { webSocketImpl, address } = createRecorder();
  const socket = createResumingSocket({ url, token, webSocketImpl });
  const sink = { next() {}, error() {}, complete() {} };
  socket.subscribe({ query: 'subscription { events { cursor } }' }, sink);
  expect(await address).toBe(expected);
});

test('an invalid address is refused, and so is a loop that would not resume', () => {
  expect(() => createResumingSocket({ url: 'nonsense', token })).toThrow(TypeError);
  const { webSocketImpl } = createRecorder();
  const socket = createResumingSocket({ url: 'http://127.0.0.1:1', token, webSocketImpl });
  expect(() => socket.iterate({ query: '{ head }' })).toThrow('iterate: use subscribe');
});

test('an end of the subscription between two connections completes it, once', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  // A server that closes each subscription at once, as one that stops does.
  const left = new Promise((resolve) => {
    server.on('connection', (connection) => {
      connection.on('close', resolve);
      connection.on('message', (text: Buffer) => {
        const { type, id } = JSON.parse(text.toString());
        if (type === 'connection_init') connection.send('{"type":"connection_ack"}');
        if (type === 'subscribe') connection.send(JSON.stringify({ type: 'complete', id }));
      });
    });
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const socket = createResumingSocket({ url, token, webSocketImpl: WebSocket });
  let completed = 0;
  const ended = new Promise<void>((resolve) => {
    const complete = () => {
      completed += 1;
      resolve();
    };
    const sink = { next() {}, error() {}, complete };
    const stop = socket.subscribe({ query: 'subscription { events { cursor } }' }, sink);
    void left.then(stop).then(stop);
  });
  await ended;
  expect(completed).toBe(1);
});
