import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test("a subscription resolves a user's fields at each event, not once", async () => {
  const user = { user_id: randomUUID() };
  const message = { ...user, message_id: randomUUID() };
  const subscriber = subscribeByWebSocket({
    url: server.url,
    query: `subscription { events(filter: { userIds: ["${user.user_id}"] }) {
      user { status eventCounts { count } } message { sentOn readOn } } }`,
    token: await server.token(),
  });
  await subscriber.ready;
  await server.post('user_logged_in', { ...user, status: 0 });
  await subscriber.until(1);
  await server.post('user_status_changed', { ...user, from_status: 0, to_status: 2 });
  await subscriber.until(2);
  await server.post('message_sent', message);
  await subscriber.until(3);
  await server.post('message_read', message);
  const [first, second, third, fourth] = await subscriber.until(4);
  expect([first.user.status, second.user.status]).toEqual(['FREE', 'PREMIUM']);
  expect(third.message).toMatchObject({ sentOn: expect.any(String), readOn: null });
  expect(fourth.message.readOn).toEqual(expect.any(String));
  expect(fourth.user.eventCounts).toHaveLength(4);
  await subscriber.close();
});

test('acknowledged events are in lists that are requested afterwards', async () => {
  for (let n = 0; n < 5; n += 1) {
    const user = { user_id: randomUUID(), message_id: randomUUID() };
    await server.post('message_sent', user);
    const { body } = await server.query(
      '{ users(last: 1) { edges { node { userId messages { edges { node { messageId } } } } } } }',
    );
    expect(body.data.users.edges[0].node).toEqual({
      userId: user.user_id,
      messages: { edges: [{ node: { messageId: user.message_id } }] },
    });
  }
});

test('nested users and events multiply in complexity', async () => {
  const nested = (size: number) =>
    `{ users(first: ${size}) { edges { node { events(first: ${size}) { edges { node { user { events(first: ${size}) { edges { cursor } } } } } } } } } }`;
  expect((await server.query(nested(2))).body.errors).toBeUndefined();
  const { body } = await server.query(nested(50));
  expect(body.errors[0].message).toMatch(/^The operation has a complexity of \d+;/);
});
