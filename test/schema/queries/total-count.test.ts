import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../../src/schema/schema.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const INSTALLATIONS = [1, 2].map((n) => `ba55ab42-9d09-4fbe-805e-ac91e62cae3${n}`);

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startTestServer();
  admin = await server.token({ scope: 'events:read events:admin pii:read' });
  for (const [index, installation_id] of INSTALLATIONS.entries()) {
    await server.post('user_logged_in', { user_id: `user-${index}`, installation_id });
    await server.post('message_sent', { user_id: `user-${index}`, installation_id });
  }
  await server.postRaw('not JSON');
});
afterAll(() => server.close());

const ask = async (query: string, token = admin) => {
  const { body } = await server.query(query, {}, token);
  expect(body.errors).toBeUndefined();
  return body.data;
};

test.for([
  ['events', 4],
  ['users', 2],
  ['installations', 2],
  ['messages', 2],
  ['quarantine', 1],
] as const)('%s counts all items, whatever the page', async ([field, total]) => {
  const whole = await ask(`{ ${field} { totalCount edges { cursor } } }`);
  expect(whole[field].totalCount).toBe(total);
  expect(whole[field].edges).toHaveLength(total);
  expect(await ask(`{ ${field}(first: 1) { totalCount nodes { __typename } } }`)).toMatchObject({
    [field]: { totalCount: total, nodes: [{}] },
  });
});

describe('it is null where it would need a scan', () => {
  test.for([
    ['{ page: events(filter: { types: [MESSAGE_SENT] }) { totalCount } }'],
    ['{ page: users(filter: { userIds: ["user-0"] }) { totalCount } }'],
    ['{ page: messages(filter: { unread: true }) { totalCount } }'],
    ['{ page: installations(filter: { uninstalled: false }) { totalCount } }'],
    ['{ page: quarantine(problem: "invalid-json") { totalCount } }'],
  ])('%s', async ([query = '']) => {
    expect(await ask(query)).toEqual({ page: { totalCount: null } });
  });

  test('below another object', async () => {
    const pages = 'events { totalCount } messages { totalCount } installations { totalCount }';
    const { user } = await ask(`{ user(id: "user-0") { ${pages} } }`);
    for (const page of Object.values(user)) expect(page).toEqual({ totalCount: null });
  });

  test("for a token that sees one user's events, to which the total would be a secret", async () => {
    const own = await server.token({ sub: 'user-0' });
    const fields = ['events', 'users', 'installations', 'messages'];
    const query = `{ ${fields.map((name) => `${name} { totalCount nodes { __typename } }`).join(' ')} }`;
    const data = await ask(query, own);
    for (const name of fields) {
      expect(data[name].totalCount).toBeNull();
      expect(data[name].nodes.length).toBeGreaterThan(0);
    }
  });
});

describe('nodes', () => {
  test('are those of the edges', async () => {
    const { events } = await ask('{ events(last: 3) { edges { node { id } } nodes { id } } }');
    expect(events.nodes).toEqual(events.edges.map(({ node }: { node: object }) => node));
  });

  test('have the bodies of refused deliveries, as edges have', async () => {
    const { quarantine } = await ask('{ quarantine { nodes { raw } } }');
    expect(quarantine.nodes).toEqual([{ raw: expect.any(String) }]);
  });

  test('are protected as edges are', async () => {
    await server.post('user_first_logged_in', { user_id: 'user-0', email: 'a@example.com' });
    const token = await server.token({ scope: 'events:read' });
    const query = '{ events(last: 1) { nodes { ... on UserFirstLoggedIn { email } } } }';
    const { body } = await server.query(query, {}, token);
    expect(body.data).toEqual({ events: { nodes: [{ email: null }] } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('and the total are on every connection', () => {
    const connections = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(4);
    for (const connection of connections) {
      expect(Object.keys(connection.getFields())).toEqual(
        expect.arrayContaining(['edges', 'nodes', 'pageInfo', 'totalCount']),
      );
    }
  });
});
