import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { filterForms, malformedFilters } from './filter-forms.ts';
import { type ClientError, errorsOver } from './operate.ts';

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

describe('naming another user is answered FORBIDDEN, not with an empty result', () => {
  test.each(Object.entries(filterForms))('%s, in a query', async (_, { query, variables }) => {
    const { body } = await server.query(written(query, 'query'), variables, token);
    expect(body.data ?? null).toBeNull();
    expectForbidden(body.errors);
  });

  const live = Object.entries(filterForms).filter(([, { queryOnly }]) => !queryOnly);
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
        "filter.userIds: without the scope events:read only the token's own user is allowed.",
      extensions: { code: 'FORBIDDEN' },
    },
  ]);
}

describe.each(malformedFilters)('%s as userIds is BAD_USER_INPUT', (_, userIds) => {
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

test('a user id of 1 MB is refused for its size', async () => {
  const query = 'query ($ids: [ID!]) { events(filter: { userIds: $ids }) { edges { cursor } } }';
  const answer = await server.query(query, { ids: ['o'.repeat(1024 * 1024)] }, token);
  expect(answer.status).toBe(413);
});

test("another user's event is not found by its id, whatever type is requested", async () => {
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

test('an id of an unknown type is refused with the same message for every viewer', async () => {
  const id = Buffer.from('Person:other').toString('base64');
  const answers = await Promise.all(
    [token, await server.token()].map(async (bearer) => {
      const { body } = await server.query(`{ node(id: "${id}") { id } }`, {}, bearer);
      for (const error of body.errors) delete error.extensions.requestId;
      return body;
    }),
  );
  expect(answers[0].errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(answers[0]).toEqual(answers[1]);
});

test("another user's user, message and installation are null, like missing ones", async () => {
  const { data } = (
    await server.query(
      '{ events { edges { node { user { id userId } installation { id } message { id } } } } }',
    )
  ).body;
  const nodes = data.events.edges.map(({ node }: { node: Record<string, { id: string }> }) => node);
  const seen = (
    await server.query(
      '{ events { edges { node { user { id } installation { id } message { id } } } } }',
      {},
      token,
    )
  ).body.data.events.edges;
  const own = JSON.stringify(seen);
  const foreign = nodes
    .flatMap(({ user, installation, message }: Record<string, { id: string } | null>) => [
      user?.id,
      installation?.id,
      message?.id,
    ])
    .filter((id: string | undefined) => id !== undefined && !own.includes(id));
  expect(foreign.length).toBeGreaterThan(0);
  const nobody = ['User:nobody', 'Message:x', 'Installation:x'].map((id) =>
    Buffer.from(id).toString('base64'),
  );
  for (const id of [...foreign, ...nobody]) {
    const { body } = await server.query('query ($id: ID!) { node(id: $id) { id } }', { id }, token);
    expect(body).toEqual({ data: { node: null } });
  }
});

describe("the cursor of another user's event only marks a position", () => {
  const LIST = `query ($after: String, $before: String) {
    events(after: $after, before: $before) {
      edges { node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  test.each([
    ['after', 2],
    ['before', 0],
  ] as const)('a list accepts it as %s', async (name, expected) => {
    const { body } = await server.query(LIST, { [name]: cursor }, token);
    const { edges, pageInfo } = body.data.events;
    expect(edges).toEqual([{ node: { id: ids[expected] } }]);
    expect(pageInfo).toMatchObject({
      hasNextPage: name === 'before',
      hasPreviousPage: name === 'after',
    });
    expect(Object.values(pageInfo)).not.toContain(cursor);
  });

  test('a user without events learns nothing about the events around it', async () => {
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
