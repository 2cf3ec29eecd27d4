import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import { errorsOver } from './operate.ts';

const LIST = /* GraphQL */ `
  query ($filter: EventFilter, $last: Int) {
    events(filter: $filter, last: $last) {
      edges { cursor node { id userId } }
      pageInfo { hasNextPage hasPreviousPage }
    }
  }
`;
const SUBSCRIPTION = /* GraphQL */ `
  subscription ($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) { id userId }
  }
`;
let server: TestServer;
let token: string;
const ids: Record<string, string> = {};
let firstCursor: string;

beforeAll(async () => {
  server = await startTestServer();
  for (const [name, type, user_id] of [
    ['other first', 'app_opened', 'other'],
    ['own first', 'app_opened', 'own'],
    ['other second', 'message_sent', 'other'],
    ['without user', 'app_uninstalled', null],
    ['own second', 'message_sent', 'own'],
    ['other case', 'message_sent', 'OWN'],
  ] as const) {
    ids[name] = (await server.post(type, { user_id })).body.id;
  }
  token = await server.token({ sub: 'own' });
  const { body } = await server.query(LIST);
  firstCursor = body.data.events.edges[0].cursor;
});
afterAll(() => server.close());

const idsOf = (edges: { node: { id: string } }[]) => edges.map(({ node }) => node.id);

describe("a user without scopes sees only the user's own events", () => {
  test('in a list, with exact page bounds', async () => {
    const { body } = await server.query(LIST, {}, token);
    expect(idsOf(body.data.events.edges)).toEqual([ids['own first'], ids['own second']]);
    expect(body.data.events.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: false });
    const { body: last } = await server.query(LIST, { last: 2 }, token);
    expect(last.data.events.pageInfo.hasPreviousPage).toBe(false);
  });

  test.each([
    [{ userIds: ['own'] }, ['own first', 'own second']],
    [{ types: ['MESSAGE_SENT'] }, ['own second']],
    [{ userIds: [] }, []],
    [{ userIds: null }, ['own first', 'own second']],
  ])('in a list filtered by %j', async (filter, names) => {
    const { body } = await server.query(LIST, { filter }, token);
    expect(idsOf(body.data.events.edges)).toEqual(names.map((name) => ids[name]));
  });

  test.each(['event', 'node'])('by %s(id)', async (field) => {
    const query = `query ($id: ID!) { found: ${field}(id: $id) { id } }`;
    for (const [name, id] of Object.entries(ids)) {
      const { body } = await server.query(query, { id }, token);
      const own = name.startsWith('own');
      expect(body).toEqual({ data: { found: own ? { id } : null } });
    }
  });

  test.each([
    ['WebSocket', subscribeByWebSocket],
    ['SSE', subscribeBySse],
  ])('in a subscription over %s, replayed and live', async (_, subscribe) => {
    const { url } = server;
    const { body: stored } = await server.query(LIST, {}, token);
    const before = idsOf(stored.data.events.edges);
    const replay = subscribe({
      url,
      query: SUBSCRIPTION,
      variables: { after: firstCursor },
      token,
    });
    const live = subscribe({ url, query: SUBSCRIPTION, token });
    await live.ready;
    expect((await replay.until(before.length)).map(({ id }) => id)).toEqual(before);

    for (const user_id of ['other', 'OWN', 'other']) await server.post('app_opened', { user_id });
    await server.post('app_uninstalled', { user_id: null, mark: url });
    const { body: own } = await server.post('message_read', { user_id: 'own' });
    expect((await live.until(1)).map(({ id }) => id)).toEqual([own.id]);
    const replayed = await replay.until(before.length + 1);
    expect(replayed.map(({ id }) => id)).toEqual([...before, own.id]);
    await live.close();
    await replay.close();
  });
});

const operations = [
  ['HTTP', 'query ($filter: EventFilter) { events(filter: $filter) { edges { cursor } } }'],
  ['WebSocket', SUBSCRIPTION],
  ['SSE', SUBSCRIPTION],
] as const;

describe('FORBIDDEN', () => {
  describe.each(operations)('over %s', (transport, query) => {
    test.each([[['other']], [['own', 'other']], [['OWN']], [['']]])(
      'for a user who filters by %j',
      async (userIds) => {
        const variables = { filter: { userIds } };
        const errors = await errorsOver[transport](server, { query, variables, token });
        expect(errors).toMatchObject([
          {
            message: expect.stringMatching(/^filter\.userIds: without the scope events:read/),
            extensions: { code: 'FORBIDDEN' },
          },
        ]);
      },
    );

    test.each([
      ['neither a user nor a scope', {}],
      ['another scope', { scope: 'pii:read events:admin' }],
      ['misspelt scopes', { scope: 'events:readall events:Read Events:read' }],
    ])('for a token with %s', async (_, claims) => {
      const errors = await errorsOver[transport](server, {
        query,
        token: await server.token(claims),
      });
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/^This token sees no events/),
          extensions: { code: 'FORBIDDEN' },
        },
      ]);
    });
  });

  test('a token without rights finds nothing by id either', async () => {
    const nobody = await server.token({});
    for (const id of Object.values(ids)) {
      const query = 'query ($id: ID!) { event(id: $id) { id } node(id: $id) { id } }';
      const { body } = await server.query(query, { id }, nobody);
      expect(body.data).toEqual({ event: null, node: null });
      expect(body.errors).toMatchObject([
        { path: ['event'], extensions: { code: 'FORBIDDEN' } },
        { path: ['node'], extensions: { code: 'FORBIDDEN' } },
      ]);
    }
  });
});

test('a token with events:read among its scopes sees everything and may filter by any user', async () => {
  const all = await server.token({ sub: 'own', scope: ' pii:read  events:read ' });
  const filter = { userIds: ['other', 'OWN'], types: ['MESSAGE_SENT'] };
  const { body } = await server.query(LIST, { filter }, all);
  expect(idsOf(body.data.events.edges)).toEqual([ids['other second'], ids['other case']]);
});
