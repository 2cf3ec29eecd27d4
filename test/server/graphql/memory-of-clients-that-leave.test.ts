import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';

const MIB = 1024 * 1024;
const EVENTS = 12;
/** Together with the aliases below more than the buffers of two kernels take. */
const TEXT = 'x'.repeat(MIB - 1_024);
const ALL = `events { edges { node { payload } } pageInfo { hasNextPage } }`;
const QUERY = `{ a: ${ALL} b: ${ALL} c: ${ALL} }`;
const FOLLOW =
  'subscription ($after: String) { events(after: $after) { a: payload b: payload c: payload } }';

let server: TestServer;
let start: string;
beforeAll(async () => {
  server = await startTestServer({
    webhookMaxBytes: MIB,
    limits: {
      maxPageBytes: 32 * MIB,
      maxAnswerBytes: 256 * MIB,
      maxAnsweringBytes: 512 * MIB,
      maxComplexity: 1_000_000,
    },
  });
  start = (await server.query('{ head }')).body.data.head;
  for (let index = 0; index < EVENTS; index += 1) {
    const { status } = await server.post('app_opened', { user_id: `user-${index}`, text: TEXT });
    expect(status).toBe(200);
  }
  await waitUntil(async () => server.open().heldBytes === 0);
});
afterAll(() => server.close());

/** Sends a request, and reads nothing of its answer. */
async function askWithoutReading(accept: string, body: object): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const text = JSON.stringify(body);
  const head = [
    'POST /graphql HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Content-Type: application/json',
    `Accept: ${accept}`,
    `Authorization: Bearer ${await server.token()}`,
    `Content-Length: ${text.length}`,
  ];
  const socket = connect(Number(port), hostname).pause();
  socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
  return socket;
}

async function startWithoutReading(payload: object): Promise<Socket> {
  const { socket } = await openSocket(server.url, await server.token());
  socket.send(JSON.stringify({ id: 'one', type: 'subscribe', payload }));
  socket.pause();
  return socket as never;
}

const follow = () => ({ query: FOLLOW, variables: { after: start } });

const clients: [string, () => Promise<{ leave: () => void }>][] = [
  [
    'an answer over HTTP',
    async () => leaving(await askWithoutReading('application/json', { query: QUERY })),
  ],
  [
    'an answer as SSE',
    async () => leaving(await askWithoutReading('text/event-stream', { query: QUERY })),
  ],
  [
    'a subscription over SSE',
    async () => leaving(await askWithoutReading('text/event-stream', follow())),
  ],
  [
    'an answer over WebSocket',
    async () => terminating(await startWithoutReading({ query: QUERY })),
  ],
  ['a subscription over WebSocket', async () => terminating(await startWithoutReading(follow()))],
];

const leaving = (socket: Socket) => ({ leave: () => void socket.destroy() });
const terminating = (socket: unknown) => ({
  leave: () => (socket as { terminate: () => void }).terminate(),
});

test.each(clients)('a client that leaves %s gives its memory back', async (_, begin) => {
  const { leave } = await begin();
  await waitUntil(() => server.open().heldBytes > MIB);
  leave();
  await waitUntil(() => server.open().heldBytes === 0);
  expect(server.open()).toMatchObject({ subscriptions: 0, heldBytes: 0 });
});
