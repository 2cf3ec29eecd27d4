import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';

const PERIODS = 20;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ limits: { maxComplexity: 10 * PERIODS } });
  for (let day = 1; day <= PERIODS; day += 1) {
    const occurred_on = `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;
    const payload = { user_id: '1A', from_status: 'odd', to_status: day % 2 };
    await server.postRaw(JSON.stringify({ type: 'user_status_changed', occurred_on, payload }));
  }
  return server.close;
});

const tooLarge = {
  message: expect.stringContaining('more than 200 (GRAPHQL_MAX_COMPLEXITY) items'),
  extensions: { code: 'RESPONSE_TOO_LARGE', requestId: expect.any(String) },
};

test('lists below a page do not multiply beyond the complexity', async () => {
  const ask = async (first: number) => {
    const query = `{ events(first: ${first}) { nodes { user { statusHistory { since } } } } }`;
    return (await server.query(query)).body;
  };
  const { data, errors } = await ask(10);
  expect(errors).toBeUndefined();
  expect(data.events.nodes.at(-1).user.statusHistory).toHaveLength(PERIODS);
  const refused = await ask(11);
  expect(refused.data).toBeFalsy();
  expect(refused.errors).toEqual([tooLarge]);
});

test('the same is true of an event of a subscription', async () => {
  const { body } = await server.query('{ events(first: 1) { nodes { cursor } } }');
  const subscriber = subscribeByWebSocket({
    url: server.url,
    query: `subscription($after: String!) {
      events(after: $after) { user { events(first: 11) { nodes { user { statusHistory { since } } } } } }
    }`,
    variables: { after: body.data.events.nodes[0].cursor },
    token: await server.token(),
    whole: true,
  });
  onTestFinished(subscriber.close);
  const [first] = await subscriber.until(1);
  expect(first).toMatchObject({ errors: [tooLarge] });
});

test('the fields of malformed events count once for each that may be examined', async () => {
  const { body } = await server.query('{ malformedEvents { events { id } } }');
  expect(body.errors).toMatchObject([{ message: expect.stringMatching(/complexity of 20\d\d;/) }]);
});
