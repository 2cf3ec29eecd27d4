import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIVE as LIVE_DOCUMENT, STORED as STORED_DOCUMENT } from '../documents.ts';
import { senderExample, senderExamples } from '../fixtures/sender.ts';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';

const LIVE = LIVE_DOCUMENT.toString();
const STORED = STORED_DOCUMENT.toString();

describe('from a signed webhook to subscribers and queries', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test("all eight of the sender's examples arrive live on both transports and are stored", async () => {
    const token = await server.token();
    const subscribers = [subscribeByWebSocket, subscribeBySse].map((subscribe) =>
      subscribe({ url: server.url, query: LIVE, token }),
    );
    await Promise.all(subscribers.map(({ ready }) => ready));

    const answers = [];
    for (const name of senderExamples) answers.push(await server.postRaw(senderExample(name)));

    expect(answers.map(({ status, body }) => [status, body.status, body.position])).toEqual(
      senderExamples.map((_, index) => [200, 'stored', index + 1]),
    );
    const sent = senderExamples.map((name) => JSON.parse(senderExample(name).toString()));
    for (const subscriber of subscribers) {
      const events = await subscriber.until(8);
      expect(events.map(({ id }) => id)).toEqual(answers.map(({ body }) => body.id));
      expect(events.map(({ typeName }) => typeName)).toEqual(sent.map(({ type }) => type));
      expect(events.map(({ payload }) => payload)).toEqual(sent.map(({ payload }) => payload));
      await subscriber.close();
    }
    const { body } = await server.query(STORED, { first: 100 });
    expect(body.errors).toBeUndefined();
    expect(body.data.events.edges.map(({ node }: { node: object }) => node)).toEqual(
      subscribers[0]?.received,
    );
  });

  test('a redelivery is recognised by its content, however it is written', async () => {
    const first = await server.post('app_opened', { user_id: 'repeat' });
    const { payload, ...rest } = JSON.parse(deliveryOf('app_opened', { user_id: 'repeat' }));
    const event = await server.query(
      'query One($id: ID!) { event(id: $id) { occurredOn payload } }',
      { id: first.body.id },
    );
    const occurredOn = event.body.data.event.occurredOn.replace('Z', '000+00:00');
    const reversed = Object.fromEntries(Object.entries(payload).reverse());
    const second = await server.postRaw(
      JSON.stringify({ payload: reversed, ...rest, occurred_on: occurredOn }, null, 2),
    );
    expect(second.body).toEqual({ ...first.body, status: 'duplicate' });
  });

  test('a hundred concurrent deliveries get dense positions and arrive once each, in order', async () => {
    const token = await server.token();
    const subscribers = [subscribeByWebSocket, subscribeBySse].map((subscribe) =>
      subscribe({ url: server.url, query: LIVE, token }),
    );
    await Promise.all(subscribers.map(({ ready }) => ready));

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => server.post('message_sent')),
    );

    const byPosition = answers.map(({ body }) => body).sort((a, b) => a.position - b.position);
    const first = byPosition[0].position;
    expect(byPosition.map(({ position }) => position)).toEqual(
      Array.from({ length: 100 }, (_, index) => first + index),
    );
    for (const subscriber of subscribers) {
      const events = await subscriber.until(100);
      expect(events.map(({ id }) => id)).toEqual(byPosition.map(({ id }) => id));
      await subscriber.close();
    }
  });

  test('a subscription from a cursor replays stored events, then continues live', async () => {
    const token = await server.token();
    const { body } = await server.query(STORED, { first: 3 });
    const after = body.data.events.pageInfo.endCursor;
    const all = await server.query(STORED, { first: 1000, after });
    const stored = all.body.data.events.edges.length;

    const subscriber = subscribeByWebSocket({
      url: server.url,
      query: LIVE,
      variables: { after },
      token,
    });
    await subscriber.until(1);
    const live = await server.post('message_read');
    const events = await subscriber.until(stored + 1);
    expect(events.at(-1).id).toBe(live.body.id);
    expect(new Set(events.map(({ id }) => id)).size).toBe(stored + 1);
    await subscriber.close();
  });
});
