import { expect, test } from 'vitest';
import { startTestServer } from '../utils/server.ts';

test('a payload has a higher complexity than other fields, anywhere', async () => {
  const server = await startTestServer({ limits: { maxComplexity: 100 } });
  const page = (fields: string) => `{ events(first: 15) { edges { node { ${fields} } } } }`;
  // 15 edges, each with a node and three fields.
  expect((await server.query(page('type typeName cursor'))).body.errors).toBeUndefined();
  const { body } = await server.query(page('payload'));
  expect(body.errors).toMatchObject([{ message: expect.stringContaining('complexity of 106') }]);
  await server.close();
});
