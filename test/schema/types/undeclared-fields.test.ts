import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const FIELDS = '{ eventTypes { name undeclaredFields } }';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post('app_opened', {
    user_id: 'one',
    urgency: 1,
    'ada@mail.example': 1,
    '+34666996699': 1,
    work_email: 'ada@mail.example',
  });
});
afterAll(() => server.close());

async function fieldsOf(claims: { sub?: string; scope?: string }): Promise<string[]> {
  const { body } = await server.query(FIELDS, {}, await server.token(claims));
  const types: { name: string; undeclaredFields: string[] }[] = body.data.eventTypes;
  return types.find(({ name }) => name === 'app_opened')?.undeclaredFields ?? [];
}

test('undeclared fields are those of the payloads as the viewer sees them', async () => {
  const all = ['+34666996699', 'ada@mail.example', 'urgency', 'work_email'];
  expect(await fieldsOf({ scope: 'events:read pii:read' })).toEqual(all);
  expect(await fieldsOf({ sub: 'one' })).toEqual(all);
  expect(await fieldsOf({ scope: 'events:read' })).toEqual(['urgency']);
  expect(await fieldsOf({ sub: 'two' })).toEqual([]);
});
