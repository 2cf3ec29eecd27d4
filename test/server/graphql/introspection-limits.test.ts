import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const refused = [
  {
    message: expect.stringContaining('introspects too much'),
    extensions: { code: 'BAD_USER_INPUT' },
  },
];
const TYPES = 'types { name fields { name type { name } } }';

describe('introspection', () => {
  test.each([
    ['by aliases', `{ a: __schema { ${TYPES} } b: __schema { ${TYPES} } }`],
    [
      'by a fragment that is spread twice',
      '{ ...S b: __typename ... on Query { ...S } c: __schema { queryType { name } } } fragment S on Query { __schema { queryType { name } } }',
    ],
    [
      'of lists by aliases',
      `{ __schema { ${Array.from({ length: 12 }, (_, index) => `a${index}: types { fields { name description args { name description type { name } } type { name kind } } }`).join(' ')} } }`,
    ],
  ])('is refused: %s', async (_, query) => {
    expect((await server.query(query)).body.errors).toMatchObject(refused);
    const socket = await openSocket(server.url, await server.token());
    expect(await socket.errorsOf({ query })).toMatchObject(refused);
    await socket.close();
  });

  test.each([
    getIntrospectionQuery(),
    getIntrospectionQuery({
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
    '{ __type(name: "User") { fields { name } } head }',
  ])('of common tools is answered', async (query) => {
    expect((await server.query(query)).body.errors).toBeUndefined();
  });
});

test('a viewer has a limit of concurrent queries, and the error says to retry', async () => {
  const database = await freshDatabase();
  const proxy = await startDatabaseProxy(database.uri);
  const slow = await startTestServer({ mongodbUri: proxy.uri, limits: { maxQueriesPerViewer: 2 } });
  await slow.post('app_opened');
  const token = await slow.token();
  const held = proxy.hold('find');
  const query = '{ events(last: 1) { edges { cursor } } }';
  const waiting = [slow.query(query, {}, token), slow.query(query, {}, token)];
  await held;
  // Both are counted before the database is queried.
  const answers = [];
  for (let index = 0; index < 20; index += 1) answers.push(await slow.query('{ head }', {}, token));
  const { status, headers, body } = answers.at(-1) ?? answers[0] ?? { status: 0 };
  expect(status).toBe(429);
  expect(headers?.get('retry-after')).toBe('1');
  expect(body.errors).toMatchObject([
    {
      message: expect.stringContaining('MAX_QUERIES_PER_VIEWER'),
      extensions: { code: 'RATE_LIMITED' },
    },
  ]);
  // Another viewer has a separate limit.
  expect((await slow.query('{ head }', {}, await slow.token({ sub: 'other' }))).status).toBe(200);
  proxy.release();
  for (const { status: done } of await Promise.all(waiting)) expect(done).toBe(200);
  await slow.close();
  await proxy.close();
  await database.drop();
});
