import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { type ClientError, errorsOver } from './operate.ts';

interface Way {
  query: string;
  variables?: Record<string, unknown>;
  /** A subscription has one root field, with no directive on it (GraphQL, 5.2.3.1). */
  queryOnly?: true;
}

/** Every way in which a user may write another one into a filter, as a query and a subscription. */
const ways: Readonly<Record<string, Way>> = {
  'in the document': { query: '{ events(filter: { userIds: ["other"] }) { FIELDS } }' },
  'as one value instead of a list': {
    query: '{ events(filter: { userIds: "other" }) { FIELDS } }',
  },
  'beside oneself': { query: '{ events(filter: { userIds: ["own", "other"] }) { FIELDS } }' },
  'beside fields that are right': {
    query: '{ events(filter: { types: [MESSAGE_SENT], userIds: ["other", "other"] }) { FIELDS } }',
  },
  'by an alias': { query: '{ own: events(filter: { userIds: ["other"] }) { FIELDS } }' },
  'by an alias beside a right one': {
    query: '{ a: events { FIELDS } b: events(filter: { userIds: ["other"] }) { FIELDS } }',
    queryOnly: true,
  },
  'in a fragment': {
    query: '{ ...F } fragment F on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } }',
  },
  'in a fragment without a name': {
    query: '{ ... on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } } }',
  },
  'in a fragment in a fragment': {
    query:
      '{ ...F } fragment F on ROOT { ...G } fragment G on ROOT { events(filter: { userIds: ["other"] }) { FIELDS } }',
  },
  'in a variable': {
    query: '($filter: EventFilter) { events(filter: $filter) { FIELDS } }',
    variables: { filter: { userIds: ['other'] } },
  },
  'in a variable of one value': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: 'other' },
  },
  "in a variable's default": {
    query: '($filter: EventFilter = { userIds: ["other"] }) { events(filter: $filter) { FIELDS } }',
  },
  'in a default inside the filter': {
    query: '($id: ID! = "other") { events(filter: { userIds: [$id] }) { FIELDS } }',
  },
  'behind a directive that is true': {
    query:
      '($yes: Boolean = true) { events(filter: { userIds: ["other"] }) @include(if: $yes) { FIELDS } }',
    queryOnly: true,
  },
  'by a number': { query: '{ events(filter: { userIds: [5] }) { FIELDS } }' },
  'by an empty id': { query: '{ events(filter: { userIds: [""] }) { FIELDS } }' },
  'by a regular expression': { query: '{ events(filter: { userIds: ["/.*/"] }) { FIELDS } }' },
  'by an operator as a text': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['{"$ne":null}', '$ne', '*'] },
  },
  'by what looks alike': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['own ', 'own\u0000', 'оwn', 'OWN', 'own\u200b'] },
  },
  'by an id of 200,000 characters': {
    query: '($ids: [ID!]) { events(filter: { userIds: $ids }) { FIELDS } }',
    variables: { ids: ['o'.repeat(200_000)] },
  },
};

/** Filters that are no filter at all: refused before anybody looks who asks. */
const misshapen: readonly [name: string, userIds: unknown][] = [
  ['an operator object', { $ne: null }],
  ['an operator object in the list', [{ $gt: '' }]],
  ['a regular expression object', [{ $regex: '.*' }]],
  ['a list in the list', [['other']]],
  ['null in the list', [null]],
  ['true', [true]],
  ['a fraction', [1.5]],
];

let server: TestServer;
let token: string;
const ids: string[] = [];
let cursor: string;

beforeAll(async () => {
  server = await startTestServer();
  for (const user_id of ['own', 'other', 'own', 'other']) {
    ids.push((await server.post('message_sent', { user_id })).body.id);
  }
  token = await server.token({ sub: 'own' });
  const { body } = await server.query('{ events(first: 2) { pageInfo { endCursor } } }');
  cursor = body.data.events.pageInfo.endCursor;
});
afterAll(() => server.close());

const written = (query: string, operation: 'query' | 'subscription') =>
  `${operation} ${query}`
    .replaceAll('FIELDS', operation === 'query' ? 'edges { node { id } }' : 'id')
    .replaceAll('ROOT', operation === 'query' ? 'Query' : 'Subscription');

describe('another user is FORBIDDEN, not empty', () => {
  test.each(Object.entries(ways))('%s, in a query', async (_, { query, variables }) => {
    const { body } = await server.query(written(query, 'query'), variables, token);
    expect(body.data ?? null).toBeNull();
    expectForbidden(body.errors);
  });

  const live = Object.entries(ways).filter(([, { queryOnly }]) => !queryOnly);
  describe.each(live)('%s', (_, { query, variables }) => {
    test.each(['WebSocket', 'SSE'] as const)('in a subscription over %s', async (transport) => {
      const operation = { query: written(query, 'subscription'), token };
      expectForbidden(
        await errorsOver[transport](server, { ...operation, ...(variables && { variables }) }),
      );
    });
  });
});

function expectForbidden(errors: ClientError[]) {
  expect(errors).toMatchObject([
    {
      message:
        "filter.userIds: without the scope events:read only the token's own user can be asked for.",
      extensions: { code: 'FORBIDDEN' },
    },
  ]);
}

describe.each(misshapen)('%s as userIds is BAD_USER_INPUT', (_, userIds) => {
  test.each([
    ['query', 'edges { cursor }', 'HTTP'],
    ['subscription', 'id', 'WebSocket'],
    ['subscription', 'id', 'SSE'],
  ] as const)('in a %s of %s over %s', async (operation, fields, transport) => {
    const query = `${operation} ($ids: [ID!]) { events(filter: { userIds: $ids }) { ${fields} } }`;
    for (const bearer of [token, await server.token()]) {
      const errors = await errorsOver[transport](server, {
        query,
        variables: { ids: userIds },
        token: bearer,
      });
      expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    }
  });
});

test('a user id of 1 MB is refused by its size', async () => {
  const query = 'query ($ids: [ID!]) { events(filter: { userIds: $ids }) { edges { cursor } } }';
  const answer = await server.query(query, { ids: ['o'.repeat(1024 * 1024)] }, token);
  expect(answer.status).toBe(413);
});

test("another's event is not there by its id, whatever type is asked for", async () => {
  for (const id of ids) {
    const local = Buffer.from(id, 'base64').toString();
    for (const type of ['MessageSent', 'MessageRead', 'UserFirstLoggedIn', 'UnknownEvent']) {
      const asked = Buffer.from(local.replace('MessageSent', type)).toString('base64');
      const query = `{ event(id: "${asked}") { id } node(id: "${asked}") { id __typename } }`;
      const { body } = await server.query(query, {}, token);
      const own = type === 'MessageSent' && ids.indexOf(id) % 2 === 0;
      expect(body).toEqual({
        data: own
          ? { event: { id }, node: { id, __typename: 'MessageSent' } }
          : { event: null, node: null },
      });
    }
  }
});

test('an id of no type here is refused in the same words, whoever asks', async () => {
  const id = Buffer.from('User:other').toString('base64');
  const answers = await Promise.all(
    [token, await server.token()].map(
      async (bearer) => (await server.query(`{ node(id: "${id}") { id } }`, {}, bearer)).body,
    ),
  );
  expect(answers[0].errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(answers[0]).toEqual(answers[1]);
});

describe("the cursor of another's event is a place, and no more", () => {
  const LIST = `query ($after: String, $before: String) {
    events(after: $after, before: $before) {
      edges { node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  test.each([
    ['after', 2],
    ['before', 0],
  ] as const)('in a list as %s', async (name, wanted) => {
    const { body } = await server.query(LIST, { [name]: cursor }, token);
    const { edges, pageInfo } = body.data.events;
    expect(edges).toEqual([{ node: { id: ids[wanted] } }]);
    expect(pageInfo).toMatchObject({
      hasNextPage: name === 'before',
      hasPreviousPage: name === 'after',
    });
    expect(Object.values(pageInfo)).not.toContain(cursor);
  });

  test('a user of no events learns nothing around it', async () => {
    const { body } = await server.query(LIST, { after: cursor }, await server.token({ sub: 'x' }));
    expect(body.data.events).toEqual({
      edges: [],
      pageInfo: {
        hasNextPage: false,
        hasPreviousPage: false,
        startCursor: null,
        endCursor: null,
      },
    });
  });
});
