import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCursors } from '../../src/log/read/cursor.ts';
import { errorsOver } from '../auth/operate.ts';
import { bytesOf, openStoredData } from '../utils/open-stored-data.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

const COUNT = 3;
let server: TestServer;
let another: TestServer;
let wrong: Record<string, string>;

const cursorsOf = async ({ mongodbUri }: TestServer) => {
  const storedData = await openStoredData(mongodbUri);
  const meta = await storedData.collection('meta').findOne({});
  await storedData.close();
  return createCursors(bytesOf(meta?.cursorKey));
};

beforeAll(async () => {
  server = await startTestServer();
  another = await startTestServer();
  let id = '';
  for (let n = 0; n < COUNT; n++) id = (await server.post('message_sent')).body.id;
  const own = await cursorsOf(server);
  const right = Buffer.from(own.encode(1), 'base64url');
  const forged = Buffer.from(right);
  forged.writeUIntBE(2, 0, 6);
  wrong = {
    'nothing in it': '',
    rubbish: 'rubbish',
    'a number': '2',
    'a forged position': forged.toString('base64url'),
    'a position without a check': Buffer.alloc(6, 0).toString('base64url'),
    'a check cut short': right.subarray(0, 13).toString('base64url'),
    'a byte more': Buffer.concat([right, Buffer.alloc(1)]).toString('base64url'),
    'other base64': `${right.toString('base64url')}=`,
    'white space': ` ${right.toString('base64url')}`,
    'the next position': own.encode(COUNT + 1),
    'the far future': own.encode(2 ** 48 - 1),
    'an event id': id,
    'a cursor of another log': (await cursorsOf(another)).encode(1),
  };
});
afterAll(async () => {
  await server.close();
  await another.close();
});

test('a valid cursor is accepted', async () => {
  const { body } = await server.query(
    'query ($c: String) { events(after: $c) { edges { cursor } } }',
    {
      c: (await cursorsOf(server)).encode(1),
    },
  );
  expect(body.data.events.edges).toHaveLength(COUNT - 1);
});

describe.each([
  'nothing in it',
  'rubbish',
  'a number',
  'a forged position',
  'a position without a check',
  'a check cut short',
  'a byte more',
  'other base64',
  'white space',
  'the next position',
  'the far future',
  'an event id',
  'a cursor of another log',
])('%s is CURSOR_INVALID', (name) => {
  test.each([
    ['HTTP', 'query ($c: String) { events(after: $c) { edges { cursor } } }'],
    ['HTTP', 'query ($c: String) { events(last: 5, before: $c) { edges { cursor } } }'],
    ['WebSocket', 'subscription ($c: String) { events(after: $c) { cursor } }'],
    ['SSE', 'subscription ($c: String) { events(after: $c) { cursor } }'],
  ] as const)('over %s: %s', async (transport, query) => {
    const variables = { c: wrong[name] };
    const errors = await errorsOver[transport](server, {
      query,
      variables,
      token: await server.token(),
    });
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
  });
});
