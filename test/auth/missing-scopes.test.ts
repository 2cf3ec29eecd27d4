import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';

const OWN = { sub: '42A' };
const ALL = { scope: 'events:read' };
const ADMIN = { scope: 'events:admin' };
const DIGEST = '0'.repeat(96);

let server: TestServer;
let otherUser: string;
beforeAll(async () => {
  server = await startTestServer();
  await server.post('user_first_logged_in', { user_id: 'other' });
  await server.postRaw('not JSON');
  const { body } = await server.query('{ user(id: "other") { id } }');
  otherUser = body.data.user.id;
});
afterAll(() => server.close());

test.for([
  [OWN, 'events:admin', '{ quarantine { edges { cursor } } }'],
  [OWN, 'events:admin', '{ unknownEventTypes { name } }'],
  [OWN, 'events:admin', 'mutation { eraseUser(userId: "42A") { events } }'],
  [ALL, 'events:admin', `mutation { dropQuarantined(digests: ["${DIGEST}"]) }`],
  [{ scope: '' }, 'events:admin', '{ quarantine { edges { cursor } } }'],
  [{ scope: '' }, 'events:read', '{ head }'],
  [ADMIN, 'events:read', '{ events { edges { cursor } } }'],
  [ADMIN, 'events:read', '{ users { edges { cursor } } }'],
  [OWN, 'events:read', '{ events(filter: { userIds: ["other"] }) { edges { cursor } } }'],
  [ADMIN, 'pii:read', '{ quarantine { edges { node { raw } } } }'],
  [ALL, 'pii:read', '{ usersByContact(contact: "user@testcompany.com") { edges { cursor } } }'],
  [OWN, 'pii:read', '{ usersByContact(contact: "no contact") { edges { cursor } } }'],
  [ADMIN, 'events:read', '{ usersByContact(contact: "a@b.example") { edges { cursor } } }'],
  [ALL, 'pii:read', '{ events { edges { node { ... on UserFirstLoggedIn { mobilePhone } } } } }'],
] as const)('%j is refused for the missing scope %s: %s', async ([claims, scope, query]) => {
  const { body } = await server.query(query, {}, await server.token(claims));
  expect(body.errors).toMatchObject([
    { message: expect.stringContaining(scope), extensions: { code: 'FORBIDDEN' } },
  ]);
});

test('an object of another user is not told apart from one that does not exist', async () => {
  const query = 'query($id: ID!) { node(id: $id) { id } }';
  const { body } = await server.query(query, { id: otherUser }, await server.token(OWN));
  expect(body).toEqual({ data: { node: null } });
});
