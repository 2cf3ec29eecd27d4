import { getNamedType, isAbstractType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { startTestServer } from '../utils/server.ts';

/** Fields of a name that GraphQL does not merge, as `Type.name: types` (5.3.2, SameResponseShape). */
function conflicts(): string[] {
  return Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .flatMap((abstract) => {
      const types = new Map<string, Set<string>>();
      for (const possible of schema.getPossibleTypes(abstract)) {
        for (const { name, type, deprecationReason } of Object.values(possible.getFields())) {
          if (deprecationReason) continue;
          // Objects of two types merge, if their wrappings agree.
          const shape = String(type).replace(getNamedType(type).name, (leaf) =>
            'getFields' in getNamedType(type) ? 'object' : leaf,
          );
          types.set(name, (types.get(name) ?? new Set()).add(shape));
        }
      }
      return [...types].flatMap(([name, shapes]) =>
        shapes.size > 1 ? [`${abstract.name}.${name}: ${[...shapes].join(', ')}`] : [],
      );
    });
}

test('all fields of one name that an object may have can be selected beside each other', () => {
  expect(conflicts()).toEqual([]);
});

test('node(id) answers with the fields of a user beside those of an event', async () => {
  const server = await startTestServer();
  await server.post('user_logged_in', { user_id: 'me', status: 2 });
  const { id } = (await server.query('{ user(id: "me") { id } }')).body.data.user;
  const event = (await server.query('{ events { edges { node { id } } } }')).body.data.events;
  const query = `query ($id: ID!) { node(id: $id) {
    ... on User { userId currentStatus currentStatusCode old: status }
    ... on UserLoggedIn { userId status statusCode user { userId } }
    ... on Message { userId user { userId } }
    ... on Installation { installationId initialOsName }
    ... on InstallationCreated { installationId osName }
  } }`;
  const ask = async (one: string) => (await server.query(query, { id: one })).body;
  expect(await ask(id)).toEqual({
    data: {
      node: { userId: 'me', currentStatus: 'PREMIUM', currentStatusCode: 2, old: 'PREMIUM' },
    },
  });
  expect(await ask(event.edges[0].node.id)).toEqual({
    data: { node: { userId: 'me', status: 'PREMIUM', statusCode: 2, user: { userId: 'me' } } },
  });
  await server.close();
});
