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

test.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2007-12-31T23:59:59.999Z'])(
  'so is one of %s',
  async (instant) => {
    const body = deliveryIn(0).replace(/"occurred_on":"[^"]*"/, `"occurred_on":"${instant}"`);
    expect((await server.postRaw(body)).body.status).toBe('stored');
    expect((await server.postRaw(body)).body.status).toBe('duplicate');
    expect(warnings()).toMatchObject([
      { eventType: 'app_opened', isTooOld: true, msg: expect.stringContaining('before 2008') },
    ]);
    const samples = await scrape(server.url);
    expect(samples.get('eventline_too_old_events_total{type="app_opened"}')).toBe(1);
    expect(samples.get(METRIC)).toBe(0);
  },
);

test('a clock that is a minute ahead causes no warning', async () => {
  await server.postRaw(deliveryIn(60_000));
  expect(warnings()).toEqual([]);
  expect((await scrape(server.url)).get(METRIC)).toBe(0);
});

test.each(['2099-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'])(
  '%s decides nothing about its user',
  async (instant) => {
    const changed = (occurred_on: string, from_status: number, to_status: number) =>
      server.postRaw(
        JSON.stringify({
          type: 'user_status_changed',
          occurred_on,
          payload: { user_id: USER, from_status, to_status },
        }),
      );
    const start = new Date().toISOString();
    await changed(start, 0, 4);
    await changed(instant, 4, 2);
    await changed(new Date().toISOString(), 2, 0);
    const { body } = await server.query(`{
      user(id: "${USER}") { currentStatus firstSeen lastSeen statusHistory { statusCode } }
      events { nodes { occurredOn } }
    }`);
    const { user, events } = body.data;
    expect(user.currentStatus).toBe('FREE');
    expect(user.statusHistory).toEqual([4, 2, 0].map((statusCode) => ({ statusCode })));
    expect(user.firstSeen).toBe(start);
    expect(Date.parse(user.lastSeen)).toBeLessThanOrEqual(Date.now());
    expect(events.nodes[1].occurredOn).toBe(new Date(instant).toISOString());
  },
);
