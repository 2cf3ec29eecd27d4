import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
let good: string;
beforeAll(async () => {
  server = await startTestServer();
  good = `Bearer ${await server.token()}`;
});
afterAll(() => server.close());

/** Opens a connection, and returns the type of the first message, or the close code. */
function open(header: string | undefined, payload: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      {
        headers: header === undefined ? {} : { Authorization: header },
      },
    );
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.on('message', (text) => {
      resolve(JSON.parse(String(text)).type);
      socket.close();
    });
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}

test.for([
  ['no payload', undefined],
  ['an empty payload', {}],
  ['a payload of other members', { clientName: 'x', headers: { 'x-a': '1' } }],
  ['an empty Authorization', { Authorization: '' }],
  ['no Authorization', { authorization: null, headers: null }],
])('the header of the upgrade counts with %s', async ([, payload]) => {
  expect(await open(good, payload)).toBe('connection_ack');
  expect(await open(undefined, payload)).toBe(4403);
  expect(await open('Basic dTpw', payload)).toBe(4403);
});

test.for(['Authorization', 'authorization', 'AUTHORIZATION'])(
  'the payload may have %s at the top or in headers, and wins over the header',
  async (name) => {
    for (const wrap of [(own: object) => own, (own: object) => ({ headers: own })]) {
      expect(await open(undefined, wrap({ [name]: good }))).toBe('connection_ack');
      expect(await open('Bearer none', wrap({ [name]: good }))).toBe('connection_ack');
      expect(await open(good, wrap({ [name]: 'Bearer none' }))).toBe(4403);
    }
  },
);

test.for([[[]], ['text'], [{ headers: 'Authorization' }], [{ headers: { headers: {} } }]])(
  'a payload %j has no token',
  async ([payload]) => {
    expect([4400, 4403]).toContain(await open(undefined, payload));
  },
);
