import { ApolloClient, gql, InMemoryCache } from 'apollo-client-3/core/index.js';
import { GraphQLWsLink } from 'apollo-client-3/link/subscriptions/index.js';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';

const FIELD = '... on UserFirstLoggedIn { email }';
const OPERATIONS: [path: string, query: string][] = [
  ['events.email', `subscription { events { cursor ${FIELD} } }`],
  [
    'events.contact',
    'subscription { events { ... on UserFirstLoggedIn { contact: mobilePhone } } }',
  ],
  [
    'eventFeed.event.email',
    `subscription { eventFeed { ... on FeedEvent { event { ${FIELD} } } } }`,
  ],
  [
    'events.email',
    `subscription ($no: Boolean = false) { events { ...A ...A @skip(if: $no) } }
     fragment A on Event { cursor ...B } fragment B on UserFirstLoggedIn { email }`,
  ],
  [
    'events.user.events.edges.node.email',
    `subscription { events { user { events(first: 1) { edges { node { ${FIELD} } } } } } }`,
  ],
];
const TOOL = { scope: 'events:read' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test.for(OPERATIONS)(
  '%s is refused at once to a token that can never see it',
  async ([path, query]) => {
    const token = await server.token(TOOL);
    for (const subscribe of [subscribeByWebSocket, subscribeBySse]) {
      const ended = await subscribe({ url: server.url, query, token }).ended;
      expect(ended).toMatchObject([
        {
          message: expect.stringMatching(`^${path}: .*pii:read`),
          extensions: { code: 'FORBIDDEN' },
        },
      ]);
    }
  },
);

test('a field that a variable excludes is not refused', async () => {
  const query = `subscription ($mail: Boolean!) { events { userId ... on UserFirstLoggedIn { email @include(if: $mail) } } }`;
  const token = await server.token(TOOL);
  for (const subscribe of [subscribeByWebSocket, subscribeBySse]) {
    const reader = subscribe({ url: server.url, query, token, variables: { mail: false } });
    await reader.ready;
    await server.post('user_first_logged_in', { user_id: 'excluded' });
    expect(await reader.until(1)).toEqual([{ userId: 'excluded' }]);
    await reader.close();
  }
});

test('a token that can see it in some events gets those', async () => {
  const query = `subscription ($filter: EventFilter) { events(filter: $filter) { userId ${FIELD} } }`;
  const { url } = server;
  const token = await server.token({ sub: 'me', scope: 'events:read' });
  const reader = subscribeByWebSocket({ url, query, token, whole: true });
  await reader.ready;
  await server.post('user_first_logged_in', { user_id: 'me', email: 'me@example.com' });
  await server.post('user_first_logged_in', { user_id: 'other', email: 'other@example.com' });
  expect(await reader.until(2)).toMatchObject([
    { data: { events: { userId: 'me', email: 'me@example.com' } } },
    { data: { events: { userId: 'other', email: null } }, errors: [{ path: ['events', 'email'] }] },
  ]);
  await reader.close();
  const variables = { filter: { userIds: ['other'] } };
  const never = subscribeByWebSocket({ url, query, token, variables });
  expect(await never.ended).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('Apollo Client 3 gets the refusal as the error of its subscription', async () => {
  const socket = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${await server.token(TOOL)}` },
  });
  onTestFinished(() => void socket.dispose());
  const client = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(socket) });
  onTestFinished(() => client.stop());
  const query = gql(`subscription { events { cursor ${FIELD} } }`);
  const error = await new Promise<Error>((resolve, reject) => {
    client
      .subscribe({ query })
      .subscribe({ error: resolve, next: reject, complete: () => reject() });
  });
  expect(error.message).toContain('events.email: This is personal');
});
