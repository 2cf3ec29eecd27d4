import { afterEach, beforeEach, expect, test } from 'vitest';
import { scrape } from '../utils/scrape.ts';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';

const WARN = 40;
const USER = 'user-of-the-future';
const METRIC = 'eventline_future_events_total{type="app_opened"}';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const warnings = () =>
  server.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level === WARN);
const deliveryIn = (milliseconds: number) =>
  deliveryOf('app_opened', { user_id: USER }).replace(
    /"occurred_on":"[^"]*"/,
    `"occurred_on":"${new Date(Date.now() + milliseconds).toISOString()}"`,
  );

test('an event from the future is stored and counted, with a warning without personal data', async () => {
  const body = deliveryIn(400 * 24 * 60 * 60_000);
  const { body: answer } = await server.postRaw(body, { 'X-Request-Id': 'from-the-sender' });
  expect(answer.status).toBe('stored');
  expect((await server.postRaw(body)).body.status).toBe('duplicate');
  expect(warnings()).toMatchObject([
    { requestId: 'from-the-sender', eventType: 'app_opened', isFromFuture: true, answer: 'stored' },
  ]);
  expect(JSON.stringify(warnings())).not.toContain(USER);
  expect((await scrape(server.url)).get(METRIC)).toBe(1);
});

test('a clock that is a minute ahead causes no warning', async () => {
  await server.postRaw(deliveryIn(60_000));
  expect(warnings()).toEqual([]);
  expect((await scrape(server.url)).get(METRIC)).toBe(0);
});
