import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitTable } from '../../../src/config/limits.ts';
import { errorsOver } from '../../auth/operate.ts';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post('app_opened');
});
afterAll(() => server.close());

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
/** A chain of fragments, each spreading the next one twice: 2 to the power of `count`. */
const doubling = (count: number, type: string) =>
  times(count, (index) => `fragment F${index} on ${type} { ...F${index + 1} ...F${index + 1} }`) +
  ` fragment F${count} on ${type} { __typename }`;

/** Operations for each limit, as a query and as a subscription. */
const LIMITED = [
  ['aliases of a field', 'GRAPHQL_MAX_ALIASES', times(16, (i) => `a${i}: typeName`), ''],
  ['a thousand aliases', 'GRAPHQL_MAX_TOKENS', times(1_000, (i) => `a${i}: typeName`), ''],
  ['aliases of __typename', 'GRAPHQL_MAX_ALIASES', times(100, (i) => `a${i}: __typename`), ''],
  [
    'aliases by a fragment that is spread again and again',
    'GRAPHQL_MAX_ALIASES',
    '...A ... on Event { ...A }',
    `fragment A on Event { ${times(8, (i) => `a${i}: typeName`)} }`,
  ],
  [
    'inline fragments in each other',
    'GRAPHQL_MAX_DEPTH',
    `${times(12, () => '... on Event {')} id ${times(12, () => '}')}`,
    '',
  ],
  [
    'a chain of fragments',
    'GRAPHQL_MAX_DEPTH',
    '...F0',
    `${times(20, (i) => `fragment F${i} on Event { ...F${i + 1} }`)} fragment F20 on Event { id }`,
  ],
  ['fragments that double', 'GRAPHQL_MAX_DEPTH', '...F0', doubling(80, 'Event')],
  ['directives', 'GRAPHQL_MAX_DIRECTIVES', times(51, () => 'id @skip(if: false)'), ''],
] as const;

describe.each(['HTTP', 'WebSocket', 'SSE'] as const)('over %s', (transport) => {
  const operations = transport === 'SSE' ? ['subscription'] : ['query', 'subscription'];
  const cases = operations.flatMap((operation) =>
    LIMITED.map(([name, setting, selection, fragments]) => {
      const inside = operation === 'query' ? `edges { node { ${selection} } }` : selection;
      return [
        operation,
        name,
        setting,
        `${operation} { events { ${inside} } } ${fragments}`,
      ] as const;
    }),
  );
  // A subscription over plain HTTP is a different error.
  test.each(transport === 'HTTP' ? cases.filter(([operation]) => operation === 'query') : cases)(
    'a %s with %s is refused for %s',
    async (_, __, setting, query) => {
      const errors = await errorsOver[transport](server, { query, token: await server.token() });
      expect(errors.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(new RegExp(`\\b\\d+\\b.*\\(${setting}\\)\\.$`)),
      );
      for (const { extensions } of errors) expect(extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  test('circular fragments are refused', async () => {
    const around =
      transport === 'HTTP' ? ['query', 'edges { node { ...A } }'] : ['subscription', '...A'];
    const query = `${around[0]} { events { ${around[1]} } } fragment A on Event { id ...B } fragment B on Event { ...A }`;
    const errors = await errorsOver[transport](server, { query, token: await server.token() });
    expect(errors).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('Cannot spread fragment "A"') }),
    );
  });
});

describe.each(['HTTP', 'WebSocket'] as const)('complexity over %s', (transport) => {
  const PAGES =
    'query ($n: Int!) { a: events(first: $n) { ...P } b: events(last: $n) { ...P } c: events(first: $n) { ...P } } fragment P on EventConnection { edges { cursor node { id typeName occurredOn receivedAt userId installationId payload ... on MessageSent { messageId speciality professionalId } ... on AppOpened { id } ... on UserLoggedIn { status statusCode } ... on UserFirstLoggedIn { mobilePhone email } ... on MessageRead { messageId speciality professionalId } } } }';

  test('counts pages by their size, including sizes in variables', async () => {
    const token = await server.token();
    const ask = (n: number) =>
      errorsOver[transport](server, { query: PAGES, variables: { n }, token });
    // In this order: the cached complexity of a document must not apply to other variables.
    expect(await ask(1_000)).toMatchObject([
      {
        message: expect.stringMatching(
          /^The operation has a complexity of \d+; at most 50000 \(GRAPHQL_MAX_COMPLEXITY\) is taken/,
        ),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(await ask(10)).toBeUndefined();
    expect(await ask(1_000)).toHaveLength(1);
  });

  test('a negative page size does not offset another page', async () => {
    const query = `{ a: events(first: 1000) { ${'edges { node { id userId payload typeName cursor } }'.repeat(9)} } b: events(first: -1000) { ${'edges { node { id userId payload typeName cursor } }'.repeat(9)} } }`;
    const errors = await errorsOver[transport](server, { query, token: await server.token() });
    expect(errors?.[0]?.message).toContain('GRAPHQL_MAX_COMPLEXITY');
  });
});

test.each(['WebSocket', 'SSE'] as const)(
  'a subscription above the complexity limit does not start, over %s',
  async (transport) => {
    const small = await startTestServer({ limits: { maxComplexity: 3 } });
    const errors = await errorsOver[transport](small, {
      query: 'subscription { events { id cursor typeName } }',
      token: await small.token(),
    });
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/complexity of 4; at most 3 \(GRAPHQL_MAX_COMPLEXITY\)/) },
    ]);
    await small.close();
  },
);

describe("GraphiQL's introspection query", () => {
  const FULL = getIntrospectionQuery({
    descriptions: true,
    inputValueDeprecation: true,
    schemaDescription: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    oneOf: true,
  });

  test.each(['HTTP', 'WebSocket'] as const)('passes every limit over %s', async (transport) => {
    expect(
      await errorsOver[transport](server, { query: FULL, token: await server.token() }),
    ).toBeUndefined();
  });

  test('passes, and circular introspection is refused', async () => {
    const query =
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }';
    const errors = await errorsOver.HTTP(server, { query, token: await server.token() });
    expect(errors).toMatchObject([{ message: 'Maximum introspection depth exceeded' }]);
  });
});

test('a document with doubling fragments is refused in linear time', async () => {
  const deep = await startTestServer({ limits: { maxDepth: 1_000, maxAliases: 10_000 } });
  const query = `subscription { events { ...F0 } } ${doubling(80, 'Event')}`;
  const [error] = await errorsOver.WebSocket(deep, { query, token: await deep.token() });
  expect(error?.message).toContain('GRAPHQL_MAX_COMPLEXITY');
  await deep.close();
});

test('each limit follows its setting, and a refusal leaves the socket open', async () => {
  const limits = { maxDepth: 3, maxAliases: 0, maxDirectives: 0, maxTokens: 20 };
  const small = await startTestServer({ limits });
  const socket = await openSocket(small.url, await small.token());
  for (const [query, setting] of [
    ['{ events { edges { node { id } } } }', limitTable.maxDepth.setting],
    ['{ a: head }', limitTable.maxAliases.setting],
    ['{ head @skip(if: false) }', limitTable.maxDirectives.setting],
    [`{ ${times(20, () => 'head')} }`, limitTable.maxTokens.setting],
  ] as const) {
    const [error] = await socket.errorsOf({ query });
    expect(error?.message).toContain(`(${setting})`);
    expect(error?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: expect.any(String) });
  }
  expect(await socket.errorsOf({ query: '{ head }' })).toEqual([]);
  await socket.close();
  await small.close();
});
