import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { EventsClientError } from '../../src/client/create-events-client.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../utils/server.ts';
import { connectClient, take, transports } from './connect-client.ts';
import { headOf } from './stored-cursors.ts';

let server: TestServer;
let start: string;
beforeAll(async () => {
  server = await startTestServer();
  start = await headOf(server);
  await server.post('app_opened');
});
afterAll(() => server.close());

const expiredToken = () => signToken(JWT_SECRET, { scope: 'events:read' }, '-1h');

const refused = [
  ['BAD_USER_INPUT', { types: ['NO_SUCH_TYPE' as never] }, {}],
  [
    'BAD_USER_INPUT',
    { document: 'subscription($after: String) { events(after: $after) { id } }' as never },
    {},
  ],
  [
    'BAD_USER_INPUT',
    { document: 'subscription($after: String) { nothing(after: $after) }' as never },
    {},
  ],
  ['CURSOR_INVALID', { after: 'nonsense' }, {}],
  ['FORBIDDEN', { userIds: ['somebody-else'] }, { sub: 'me' }],
] as const;

test.for(transports.flatMap((transport) => refused.map((row) => [transport, ...row] as const)))(
  '%s: %s ends the loop with its code',
  async ([transport, code, options, claims]) => {
    const token = () => server.token('sub' in claims ? claims : undefined);
    const client = connectClient({ url: server.url, token, transport });
    const events = client.subscribe({ after: start, ...options } as object);
    const error = await events.next().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EventsClientError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/./) });
    expect(client.statuses()).not.toContain('waiting');
    expect(client.state.status).toBe('closed');
    expect(await events.next()).toEqual({ done: true, value: undefined });
  },
);

test.for(transports)('%s: a field that the token may not see ends the loop', async (transport) => {
  await server.post('user_first_logged_in', { user_id: transport });
  const document = `subscription ($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) { cursor ... on UserFirstLoggedIn { email } }
  }` as never;
  const read = (scope: string) => {
    const token = () => server.token({ scope });
    const client = connectClient({ url: server.url, token, transport });
    return client.subscribe({ after: start, userIds: [transport], document }).next();
  };
  expect((await read('events:read pii:read')).value).toMatchObject({
    email: 'user@testcompany.com',
  });
  await expect(read('events:read')).rejects.toMatchObject({
    code: 'FORBIDDEN',
    message: expect.stringMatching(/pii:read/),
  });
});

test.for(transports)('%s: a refused token is replaced by a fresh one', async (transport) => {
  let asked = 0;
  const token = () => {
    asked += 1;
    return asked === 1 ? expiredToken() : server.token();
  };
  const client = connectClient({ url: server.url, token, transport });
  await take(client.subscribe({ after: start }), 1);
  expect(asked).toBe(2);
  expect(client.statuses()).not.toContain('waiting');
});

test.for(transports)('%s: two refused tokens in a row end the loop', async (transport) => {
  let asked = 0;
  const token = () => {
    asked += 1;
    return expiredToken();
  };
  const events = connectClient({ url: server.url, token, transport }).subscribe();
  await expect(events.next()).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: 'The token has expired.',
  });
  expect(asked).toBe(2);
});

test('a fixed token is not tried twice', async () => {
  const client = connectClient({ url: server.url, token: await expiredToken() });
  await expect(client.subscribe().next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(client.statuses().filter((status) => status === 'connecting')).toHaveLength(1);
});

test('a failed request for a token is retried', async () => {
  let asked = 0;
  const cause = new Error('the identity provider is away');
  const token = async () => {
    asked += 1;
    if (asked < 3) throw cause;
    return server.token();
  };
  const client = connectClient({ url: server.url, token });
  await take(client.subscribe({ after: start }), 1);
  expect(client.states.filter(({ status }) => status === 'waiting')).toMatchObject([
    { cause },
    { cause },
  ]);
});

test('a document that cannot be resumed is refused at once', () => {
  const client = connectClient({ url: server.url, token: 'unused' });
  const document = 'subscription { events { cursor } }' as never;
  expect(() => client.subscribe({ document })).toThrow('$after');
});
