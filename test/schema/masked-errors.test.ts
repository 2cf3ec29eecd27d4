import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorsOver } from '../auth/operate.ts';
import { openStoredData, type StoredData } from '../utils/open-stored-data.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

const SECRET = 'secret-of-the-payload';
let server: TestServer;
let storedData: StoredData;
let start: string;

beforeAll(async () => {
  server = await startTestServer();
  storedData = await openStoredData(server.mongodbUri);
  await server.post('app_opened');
  const { body: page } = await server.query('{ events { edges { cursor } } }');
  start = page.data.events.edges[0].cursor;
  // An event that was damaged in the database.
  await server.post('user_logged_in', { mark: SECRET });
  await storedData.collection('events').updateOne({ position: 2 }, { $unset: { receivedAt: '' } });
});
afterAll(async () => {
  await storedData.close();
  await server.close();
});

const FIELDS = 'receivedAt';

test.each([
  ['HTTP', `{ events(last: 1) { edges { node { ${FIELDS} } } } }`],
  ['WebSocket', `subscription ($after: String) { events(after: $after) { ${FIELDS} } }`],
  ['SSE', `subscription ($after: String) { events(after: $after) { ${FIELDS} } }`],
] as const)(
  'an internal error is masked over %s, and logged under the request id in the answer',
  async (transport, query) => {
    const errors = await errorsOver[transport](server, {
      query,
      ...(transport !== 'HTTP' && { variables: { after: start } }),
      token: await server.token(),
    });
    const [requestId] = /[\w-]{36}/.exec(errors[0]?.message ?? '') ?? [];
    expect(errors).toMatchObject([
      {
        message: `Something went wrong here. Quote the request id ${requestId}.`,
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
    const lines = server.logLines.filter((line) => line.includes(`"requestId":"${requestId}"`));
    expect(lines.map((line) => JSON.parse(line).msg)).toContain('something failed here');
  },
);

test("a scalar's error about a stored value is neither answered nor logged", async () => {
  const damaged = { $set: { receivedAt: SECRET } };
  await storedData.collection('events').updateOne({ position: 2 }, damaged);
  const { body } = await server.query(`{ events(last: 1) { edges { node { ${FIELDS} } } } }`);
  expect(body.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  expect(JSON.stringify(body) + server.logLines.join('')).not.toContain(SECRET);
  expect(server.logLines.join('')).toContain('cannot be shown, at events.edges.0.node.receivedAt');
});

test('an event of a type that a newer release has stored is UNKNOWN, and no error', async () => {
  const newer = { $set: { type: 'newer_type', typeName: 'newer_type', receivedAt: new Date() } };
  await storedData.collection('events').updateOne({ position: 2 }, newer);
  const { body } = await server.query('{ events(last: 1) { edges { node { type typeName } } } }');
  expect(body.errors).toBeUndefined();
  expect(body.data.events.edges[0].node).toEqual({ type: 'UNKNOWN', typeName: 'newer_type' });
});
