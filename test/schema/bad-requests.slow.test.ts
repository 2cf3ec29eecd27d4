import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorsOver } from '../auth/operate.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const FOLLOW = 'subscription ($filter: EventFilter) { events(filter: $filter) { cursor } }';

describe.each(['HTTP', 'WebSocket'] as const)('over %s', (transport) => {
  test.each([
    ['no document', '', {}],
    ['a syntax error', '{ events', {}],
    ['an unknown field', '{ colour }', {}],
    ['no selection', '{ events }', {}],
    ['an argument of another type', '{ events(first: "x") { edges { cursor } } }', {}],
    ['a mutation', 'mutation { erase }', {}],
    ['an unknown type', 'subscription { events(filter: { types: [NOPE] }) { cursor } }', {}],
    ['an unknown type in a variable', FOLLOW, { filter: { types: ['NOPE'] } }],
    ['an unknown member of a filter', FOLLOW, { filter: { colour: 'red' } }],
    ['a missing variable', 'query ($id: ID!) { event(id: $id) { id } }', {}],
  ])('%s is BAD_USER_INPUT', async (_, query, variables) => {
    const token = await server.token();
    const errors = await errorsOver[transport](server, { query, variables, token });
    expect(errors.length).toBeGreaterThan(0);
    for (const { extensions } of errors)
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

test.each([
  ['{', 400],
  ['{ colour }', 400],
  ['{ __typename }', 200],
])('as application/graphql-response+json %s has status %i', async (query, status) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: 'application/graphql-response+json',
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await server.token()}`,
    },
    body: JSON.stringify({ query }),
  });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
});

test.each([
  ['text', 'text/plain', '{ __typename }', 415],
  ['rubbish', 'application/json', '{', 400],
  [
    'a body that is too large',
    'application/json',
    JSON.stringify({ query: 'x'.repeat(300_000) }),
    413,
  ],
])('%s as a request is refused', async (_, type, body, status) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': type, Authorization: `Bearer ${await server.token()}` },
    body,
  });
  expect(response.status).toBe(status);
});
