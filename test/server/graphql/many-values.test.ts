import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorsOver } from '../../auth/operate.ts';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ limits: { maxFilterValues: 20 } });
});
afterAll(() => server.close());

/** 1,000, and 10 for each value of a filter's list. */
const MAX_VALUES = 1_200;
const REFUSED = {
  message:
    'The variables and extensions of a request may have 1200 values together (1000 and 10 times MAX_FILTER_VALUES).',
  extensions: { code: 'BAD_USER_INPUT' },
};

describe.each([
  ['HTTP', 'query'],
  ['WebSocket', 'query'],
  ['WebSocket', 'subscription'],
  ['SSE', 'query'],
  ['SSE', 'subscription'],
] as const)('over %s, in a %s', (transport, operation) => {
  const selection = operation === 'query' ? '{ edges { cursor } }' : '{ id }';
  const query = `${operation} ($f: EventFilter) { events(filter: $f) ${selection} }`;

  test.each<[string, Record<string, unknown>]>([
    ['a long list', { f: { professionalIds: Array(MAX_VALUES).fill(1) } }],
    ['many lists in lists', { f: {}, rest: [Array(700).fill([]), Array(700).fill({})] }],
    [
      'many members of an object',
      {
        f: {},
        rest: Object.fromEntries(Array.from({ length: MAX_VALUES }, (_, i) => [`k${i}`, i])),
      },
    ],
  ])('%s is refused before it is validated', async (_, variables) => {
    const token = await server.token({ scope: 'events:read' });
    const errors = await errorsOver[transport](server, { query, variables, token });
    expect(errors).toMatchObject([REFUSED]);
  });
});

test('so many values are taken, and fewer than a filter may have are not required', async () => {
  const query = 'query ($f: EventFilter) { events(filter: $f) { edges { cursor } } }';
  const variables = { f: { userIds: Array(20).fill('a') }, rest: Array(1_150).fill(1) };
  expect((await server.query(query, variables)).body.errors).toBeUndefined();
});

test('extensions count too', async () => {
  const socket = await openSocket(server.url, await server.token({ scope: 'events:read' }));
  const extensions = { a: Array(MAX_VALUES).fill([]) };
  expect(await socket.errorsOf({ query: '{ head }', extensions })).toMatchObject([REFUSED]);
  await socket.close();
});

test('an operation over WebSocket has an id of at most 256 characters', async () => {
  const socket = await openSocket(server.url, await server.token({ scope: 'events:read' }));
  const payload = { query: '{ head }' };
  const longest = 'i'.repeat(256);
  socket.start(longest, payload);
  expect(await socket.next(longest)).toMatchObject({ type: 'next' });
  const longer = 'i'.repeat(257);
  socket.start(longer, payload);
  expect(await socket.next(longer)).toMatchObject({
    type: 'error',
    payload: [
      {
        message: 'The id of an operation may have 256 characters.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  });
  await socket.close();
});
