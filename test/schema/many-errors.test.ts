import { expect, onTestFinished, test } from 'vitest';
import { startTestServer } from '../utils/server.ts';

const EVENTS = 170;
const AT_ONCE = 10;

test('an answer with thousands of errors is refused with one', async () => {
  const server = await startTestServer();
  onTestFinished(server.close);
  for (let start = 0; start < EVENTS; start += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        server.post('user_first_logged_in', { user_id: `user-${start + index}` }),
      ),
    );
  }
  const token = await server.token({ scope: 'events:read' });
  const ask = async (fields: string) => {
    const query = `{ events(first: 1000) { edges { node { ... on UserFirstLoggedIn { ${fields} } } } } }`;
    return (await server.query(query, {}, token)).body;
  };
  const all = await ask('email mobilePhone mobilePhonePrefix');
  expect(all.data.events.edges).toHaveLength(EVENTS);
  expect(all.errors).toHaveLength(3 * EVENTS);

  const aliases = Array.from({ length: 15 }, (_, index) => `a${index}: email`).join(' ');
  const refused = await ask(`email mobilePhone mobilePhonePrefix ${aliases}`);
  expect(refused.data).toBeFalsy();
  expect(refused.errors).toEqual([
    {
      message: expect.stringContaining('more than 3000 errors'),
      extensions: { code: 'RESPONSE_TOO_LARGE', requestId: expect.any(String) },
    },
  ]);
});
