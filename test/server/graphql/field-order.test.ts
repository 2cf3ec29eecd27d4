import { expect, test } from 'vitest';
import { startTestServer } from '../../utils/server.ts';

test('fields are in the order of their selection (GraphQL, 7.2.2)', async () => {
  const server = await startTestServer();
  await server.post('app_opened');
  const { body } = await server.query(
    'query { events(first: 1) { edges { node { id cursor typeName } } } }',
  );
  expect(Object.keys(body.data.events.edges[0].node)).toEqual(['id', 'cursor', 'typeName']);
  await server.close();
});
