import { expect, test } from 'vitest';
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
