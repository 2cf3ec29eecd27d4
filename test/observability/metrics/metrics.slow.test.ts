import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { get } from '../../server/request.ts';
import { freshDatabase } from '../../utils/database.ts';
import { readByWebSocket } from '../../utils/raw-reader.ts';
import { scrape } from '../../utils/scrape.ts';
import { deliveryOf, startTestServer, type TestServer } from '../../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../../utils/subscribe.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';

let server: TestServer;
let first: string;

beforeAll(async () => {
  server = await startTestServer();
  first = (await server.post('message_sent')).body.id;
  const body = JSON.stringify({
    type: 'app_opened',
    occurred_on: '2026-01-31T12:00:00Z',
    payload: {
      user_id: '32402404G',
      installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
      shoe_size: 44,
      X1234567L: true,
    },
  });
  await server.postRaw(body);
  await server.postRaw(body);
  await server.postRaw(body, { 'X-Signature': 'sha256=AA==' });
  await server.postRaw('not JSON');
  await server.postRaw(body.replace('app_opened', 'door_opened'));
  await server.post('app_opened', { installation_id: 7 });
  await server.query('{ head }');
  await server.query('{ nothing }');
  await server.query('{ head }', {}, 'no token');
  await server.query('query($id: ID!) { event(id: $id) { id } }', { id: first });
});
afterAll(() => server.close());

describe('counters', () => {
  test.for([
    ['eventline_deliveries_total{answer="stored",type="message_sent"}', 1],
    ['eventline_deliveries_total{answer="stored",type="app_opened"}', 2],
    ['eventline_deliveries_total{answer="stored",type="unknown"}', 1],
    ['eventline_deliveries_total{answer="duplicate",type="app_opened"}', 1],
    ['eventline_deliveries_total{answer="signature-wrong",type="none"}', 1],
    ['eventline_deliveries_total{answer="invalid-json",type="none"}', 1],
    ['eventline_deliveries_total{answer="unavailable",type="unknown"}', 0],
    ['eventline_delivery_duration_seconds_count{status="200"}', 5],
    ['eventline_append_batch_events_sum', 5],
    ['eventline_append_duration_seconds_count{outcome="all"}', 4],
    ['eventline_append_duration_seconds_count{outcome="repeat"}', 1],
    ['eventline_published_events_total{type="message_sent"}', 1],
    ['eventline_publish_delay_seconds_count', 4],
    ['eventline_drift_events_total{kind="unknown_type",type="unknown"}', 1],
    ['eventline_drift_events_total{kind="undeclared_field",type="app_opened"}', 1],
    ['eventline_drift_events_total{kind="malformed_field",type="app_opened"}', 1],
    ['eventline_graphql_operations_total{kind="query",transport="http"}', 2],
    ['eventline_graphql_errors_total{code="BAD_USER_INPUT"}', 1],
    ['eventline_graphql_errors_total{code="UNAUTHENTICATED"}', 1],
    ['eventline_intake_events', 0],
    ['eventline_intake_bytes', 0],
    ['eventline_log_head_position', 4],
    ['eventline_follower_lag_positions', 0],
    ['eventline_database_up', 1],
    ['eventline_drift_events_total{kind="missing_field",type="message_sent"}', 0],
    ['eventline_quarantined_deliveries_total{problem="invalid-json"}', 1],
    ['eventline_graphql_errors_total{code="INTERNAL_SERVER_ERROR"}', 0],
    ['eventline_follower_lag_seconds', 0],
    ['eventline_connections_limit', 10_000],
    [`eventline_build_info{version="unknown",node="${process.version}"}`, 1],
  ] as const)('%s is %i', async ([name, value]) => {
    expect(Object.fromEntries(await scrape(server.url))).toMatchObject({ [name]: value });
  });

  test('the lag of the lists is reported until they have caught up', async () => {
    const started = await startTestServer();
    onTestFinished(started.close);
    const lag = async (unit: string) =>
      (await scrape(started.url)).get(`eventline_projection_lag_${unit}`);
    await started.post('app_opened');
    expect(await lag('positions')).toBe(1);
    expect(await lag('seconds')).toBeGreaterThan(0);
    await started.query('{ users { edges { cursor } } }');
    expect([await lag('positions'), await lag('seconds')]).toEqual([0, 0]);
  });

  test('the age of the last event of a type is reported', async () => {
    const ages = await scrape(server.url);
    const age = ages.get('eventline_last_event_age_seconds{type="message_sent"}');
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(3_600);
    expect(ages.has('eventline_last_event_age_seconds{type="app_uninstalled"}')).toBe(false);
  });

  test('a server that starts later knows that age from the log', async () => {
    const later = await startTestServer({ mongodbUri: server.mongodbUri });
    const name = 'eventline_last_event_age_seconds{type="message_sent"}';
    await waitUntil(async () => (await scrape(later.url)).has(name));
    await later.close();
  });
});

test('the size of the quarantine is reported, also of what another instance keeps or drops', async () => {
  const { mongodbUri } = server;
  const other = await startTestServer({ mongodbUri });
  const name = 'eventline_quarantine_deliveries';
  const isSize = (size: number) =>
    waitUntil(async () => (await scrape(other.url)).get(name) === size);
  await isSize(1);
  await server.postRaw('neither is this JSON');
  await isSize(2);
  await other.close();
});

describe('readers', () => {
  const query = 'subscription { events { id cursor } }';
  /** A query that selects its request id cannot be shared. */
  const ownQuery = 'subscription { events { id user { id } } }';
  const until = (name: string, value: number) =>
    waitUntil(async () => (await scrape(server.url)).get(name) === value);

  test('subscriptions, connections and deliveries are counted by transport', async () => {
    const token = await server.token();
    const asked = { url: server.url, token };
    const readers = [
      subscribeByWebSocket({ ...asked, query }),
      subscribeByWebSocket({ ...asked, query }),
      subscribeBySse({ ...asked, query }),
      subscribeByWebSocket({ ...asked, query: ownQuery }),
    ];
    await Promise.all(readers.map(({ ready }) => ready));
    await until('eventline_feed_subscriptions{state="live"}', 4);
    expect(Object.fromEntries(await scrape(server.url))).toMatchObject({
      'eventline_subscriptions{transport="websocket",kind="events"}': 3,
      'eventline_subscriptions{transport="sse",kind="events"}': 1,
      'eventline_connections{kind="websocket"}': 3,
      'eventline_connections{kind="event_stream"}': 1,
      'eventline_feed_subscriptions{state="replaying"}': 0,
      'eventline_graphql_operations_total{kind="subscription",transport="websocket"}': 3,
      'eventline_graphql_operations_total{kind="subscription",transport="sse"}': 1,
    });
    await server.post('message_read');
    await Promise.all(readers.map((reader) => reader.until(1)));
    expect(Object.fromEntries(await scrape(server.url))).toMatchObject({
      'eventline_delivered_results_total{transport="websocket",execution="shared"}': 2,
      'eventline_delivered_results_total{transport="websocket",execution="own"}': 1,
      'eventline_delivered_results_total{transport="sse",execution="shared"}': 1,
      'eventline_result_executions_total{execution="shared"}': 1,
      'eventline_result_executions_total{execution="own"}': 1,
    });
    await Promise.all(readers.map((reader) => reader.close()));
    await until('eventline_subscriptions{transport="websocket",kind="events"}', 0);
    await until('eventline_subscriptions{transport="sse",kind="events"}', 0);
  });

  test('replayed events are counted', async () => {
    const replayed = 'eventline_replayed_events_total{source="log"}';
    const before = (await scrape(server.url)).get(replayed) ?? 0;
    const { body } = await server.query('{ events(first: 1) { edges { cursor } } }');
    const reader = subscribeByWebSocket({
      ...{ url: server.url, token: await server.token() },
      query: 'subscription($after: String) { events(after: $after) { cursor } }',
      variables: { after: body.data.events.edges[0].cursor },
    });
    await reader.until(3);
    expect((await scrape(server.url)).get(replayed)).toBeGreaterThanOrEqual(before + 3);
    await reader.close();
  });

  test('a stalled subscriber is counted when it returns to the log, and when it is ended', async () => {
    const large = await startTestServer({ stalledReaderMs: 2_000, webhookMaxBytes: 2 * 1024 ** 2 });
    const token = await large.token();
    const query = 'subscription { events { cursor payload } }';
    const stalled = await readByWebSocket({ url: large.url, token, query });
    stalled.pause();
    for (let posted = 0; posted < 10; posted += 1) {
      await large.post('message_sent', { text: 'x'.repeat(2 * 1024 ** 2 - 1_000) });
    }
    const name = 'eventline_stalled_readers_total{transport="websocket"}';
    await waitUntil(async () => (await scrape(large.url)).get(name) === 1);
    const switches = (await scrape(large.url)).get('eventline_slow_reader_switches_total');
    expect(switches).toBeGreaterThanOrEqual(1);
    stalled.close();
    await large.close();
  });
});

test('scrapes within a second share one text by default', async () => {
  const hourly = await startTestServer({ metrics: { ofProcess: false, maxAgeMs: 3_600_000 } });
  const first = await get(`${hourly.url}/metrics`);
  await hourly.post('message_sent');
  expect((await get(`${hourly.url}/metrics`)).text).toBe(first.text);
  await hourly.close();
});

test('the answer is in Prometheus format, with help texts and valid names', async () => {
  const { text, headers } = await get(`${server.url}/metrics`);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  const helped = [...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name]) => name);
  expect(types.length).toBeGreaterThan(15);
  expect(helped).toEqual(types.map(([, name]) => name));
  for (const [, name, type] of types) {
    expect(name).toMatch(/^eventline_[a-z_]+$/);
    expect([name, /_total$/.test(name ?? '')]).toEqual([name, type === 'counter']);
  }
  // Labels come from small fixed sets, so no name or value appears.
  expect(text).not.toMatch(/32402404G|X1234567L|shoe_size|door_opened/);
});

test('undeclared fields of the sender are reported once, by name if it is safe', async () => {
  const body = JSON.stringify({
    type: 'door_opened',
    occurred_on: '2026-01-31T12:00:01Z',
    payload: {},
  });
  await server.postRaw(body);
  const told = server.logLines
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => /the catalog does not know/.test(msg))
    .map(({ level, kind, type, name }) => [level, kind, type, name]);
  expect(told).toEqual([
    [40, 'undeclared_field', 'app_opened', 'shoe_size'],
    [40, 'undeclared_field', 'app_opened', '(not a plain name)'],
    [40, 'unknown_type', 'unknown', 'door_opened'],
    [40, 'malformed_field', 'app_opened', 'installation_id'],
  ]);
});

test('without metrics the path is not found', async () => {
  const silent = await startTestServer({ metrics: false });
  expect((await get(`${silent.url}/metrics`)).status).toBe(404);
  await silent.close();
});

test('the server is not ready while stored events are unpublished', async () => {
  const strict = await startTestServer({ maxLagMs: -1 });
  const ready = await get(`${strict.url}/health/ready`);
  expect([ready.status, JSON.parse(ready.text)]).toEqual([
    503,
    { status: 'not ready', reason: 'events are in the log that are not given out' },
  ]);
  await strict.close();
});

test('events that cannot be stored are counted by type', async () => {
  const { uri } = await freshDatabase();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(proxy.close);
  const cutOff = await startTestServer({ mongodbUri: proxy.uri, timeoutMs: 200 });
  onTestFinished(cutOff.close);
  proxy.cut();
  expect((await cutOff.postOnce(deliveryOf('app_opened'))).status).toBe(503);
  const counted = await scrape(cutOff.url);
  expect(counted.get('eventline_deliveries_total{answer="unavailable",type="app_opened"}')).toBe(1);
});
