import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { latestMessages } from './latest-messages.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('the tool in docs/guide/queries.md receives typed messages', async () => {
  const message_id = 'aaaaaaaa-0000-4000-8000-000000000001';
  await server.post('message_sent', { message_id, speciality: 'sports', professional_id: 7 });
  await server.post('message_sent', { speciality: 'work' });
  const messages = await latestMessages(server.url, await server.token(), 'sports');
  expect(messages).toMatchObject([{ messageId: message_id, professionalId: 7 }]);
  const [first] = messages;
  // Checks the types: an instant is a string, and fields of some types may be missing.
  const occurredOn: string | undefined = first?.occurredOn;
  expect(occurredOn).toMatch(/Z$/);
});

test("a refusal is thrown with the server's message", async () => {
  await expect(latestMessages(server.url, 'no token', 'work')).rejects.toThrow('Bearer');
});
