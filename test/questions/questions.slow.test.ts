// Longer than 250 lines: one test for each example tab of GraphiQL.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDeliveries } from '../../src/cli/commands/seed/make-deliveries.ts';
import { graphiqlExamples } from '../../src/server/pages/graphiql-examples.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';
import { count, dayIn, distinct, type Raw, rank, sorted, weekIn } from './raw-events.ts';

const EVENTS = 300;
const UNTIL_MS = Date.UTC(2026, 2, 31);
/** A daylight-saving change in Madrid is within these days. */
const DAYS = 4;
const PLANS: Record<number, string> = { 0: 'FREE', 2: 'PREMIUM', 4: 'FREEMIUM' };
const SCOPE = 'events:read pii:read events:admin';
const AT_ONCE = 20;

let server: TestServer;
/** The accepted events in log order, and the refused bodies. */
const raw: Raw[] = [];
const refused: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  const plan = { events: EVENTS, users: 12, days: DAYS, seed: 3, untilMs: UNTIL_MS };
  const deliveries = [...makeDeliveries(plan)].map(({ body }) => body);
  // An event that the simulation rarely sends.
  const example = { user_id: '99000000L', from_status: 0, to_status: 9 };
  const occurred_on = '2026-03-28T23:30:00.000+00:00';
  deliveries.push(JSON.stringify({ type: 'user_status_changed', occurred_on, payload: example }));
  deliveries.push(JSON.stringify({ type: 'survey_answered', occurred_on, payload: { stars: 5 } }));
  deliveries.push(JSON.stringify({ type: 'app_opened', occurred_on, payload: { user_id: '1' } }));
  const grown = {
    user_id: '1',
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    dark: true,
  };
  deliveries.push(JSON.stringify({ type: 'app_opened', occurred_on, payload: grown }));
  const positions = new Map<string, Raw>();
  for (let start = 0; start < deliveries.length; start += AT_ONCE) {
    await Promise.all(
      deliveries.slice(start, start + AT_ONCE).map(async (body) => {
        const answer = await server.postRaw(body);
        if (answer.status === 200) {
          const { id, position } = answer.body;
          positions.set(id, { ...JSON.parse(body), id, position });
        } else refused.push(body);
      }),
    );
  }
  raw.push(...[...positions.values()].sort((one, other) => one.position - other.position));
});
afterAll(() => server.close());

/** Runs a GraphiQL tab with its own variables, some of them replaced. */
async function ask(name: string, variables: object = {}) {
  const tab = graphiqlExamples.find(({ query }) => query.includes(` ${name}`));
  if (tab === undefined) throw new Error(`there is no tab ${name}`);
  const own = JSON.parse(tab.variables ?? '{}');
  const token = await server.token({ scope: SCOPE });
  const { body } = await server.query(tab.query, { ...own, ...variables }, token);
  expect(body.errors).toBeUndefined();
  return body.data;
}

const ofType = (...types: string[]) => raw.filter(({ type }) => types.includes(type));
const user = () => raw.find(({ type }) => type === 'message_read')?.payload.user_id as string;

test('LatestEvents', async () => {
  const { events } = await ask('LatestEvents');
  const ids = events.edges.map(({ node }: { node: { id: string } }) => node.id);
  expect(ids).toEqual(raw.slice(-10).map(({ id }) => id));
});

test('UserStory: everything that happened to a user', async () => {
  const own = raw.filter(({ payload }) => payload.user_id === user());
  const plans = sorted(
    ofType('user_logged_in', 'user_first_logged_in', 'user_status_changed').filter((event) =>
      own.includes(event),
    ),
  );
  const { to_status, status } = plans.at(-1)?.payload ?? {};
  const times = sorted(own).map(({ occurred_on }) => new Date(occurred_on).toISOString());
  const { user: found } = await ask('UserStory', { userId: user() });
  expect(found).toMatchObject({
    ...{ firstSeen: times[0], lastSeen: times.at(-1) },
    status: PLANS[(to_status ?? status) as number] ?? 'UNKNOWN',
  });
  expect(
    found.eventCounts
      .map((row: { type: string; count: number }) => [row.type.toLowerCase(), row.count])
      .sort(),
  ).toEqual(
    [
      ...count(own, ({ type }) =>
        type.startsWith('appointment') || type.startsWith('survey') ? 'unknown' : type,
      ),
    ].sort(),
  );
  expect(
    found.events.edges.map(({ node }: never) => (node as { payload: object }).payload),
  ).toEqual(own.slice(-20).map(({ payload }) => payload));
});

test('UnreadMessages: messages unread for a day', async () => {
  const read = new Set(ofType('message_read').map(({ payload }) => payload.message_id));
  const unread = ofType('message_sent').filter(({ payload }) => !read.has(payload.message_id));
  const found: string[] = [];
  for (let after: string | null = null; ; ) {
    const { messages } = await ask('UnreadMessages', { after });
    found.push(
      ...messages.edges.map(({ node }: never) => (node as { messageId: string }).messageId),
    );
    if (!messages.pageInfo.hasNextPage) break;
    after = messages.pageInfo.endCursor;
  }
  expect(unread.length).toBeGreaterThan(5);
  expect(found).toEqual(unread.map(({ payload }) => payload.message_id));
});

test('MessagesPerDay: by speciality and day in Madrid', async () => {
  const expected = count(ofType('message_sent'), (event) =>
    JSON.stringify([dayIn('Europe/Madrid', event), event.payload.speciality]),
  );
  const { eventCounts } = await ask('MessagesPerDay');
  const found = eventCounts.rows.map(({ day, speciality, count }: never) => [
    JSON.stringify([day, speciality]),
    count,
  ]);
  expect(new Map(found)).toEqual(expected);
});

test('ActiveUsers: distinct users and events per day', async () => {
  const { eventCounts } = await ask('ActiveUsers');
  const days = [...count(raw, (event) => dayIn('Europe/Madrid', event))].sort();
  expect(eventCounts.rows).toEqual(
    days.map(([day, number]) => {
      const events = raw.filter((event) => dayIn('Europe/Madrid', event) === day);
      return { day, users: distinct(events, 'user_id'), count: number };
    }),
  );
});

const seconds = (duration: string) => Number(/^PT([\d.]+)S$/.exec(duration)?.[1]);

test('ReadDelays: p50 and p95 by speciality', async () => {
  const { readDelays } = await ask('ReadDelays');
  const sent = ofType('message_sent');
  expect(readDelays.map(({ speciality }: never) => speciality)).toEqual(
    [...count(sent, ({ payload }) => String(payload.speciality)).keys()].sort(),
  );
  for (const row of readDelays) {
    const these = sent.filter(({ payload }) => payload.speciality === row.speciality);
    const delays = these.flatMap((event) => {
      const reads = sorted(
        ofType('message_read').filter(
          ({ payload }) => payload.message_id === event.payload.message_id,
        ),
      );
      return reads[0] ? [Date.parse(reads[0].occurred_on) - Date.parse(event.occurred_on)] : [];
    });
    expect(row).toMatchObject({ sent: these.length, read: delays.length });
    for (const [percent, duration] of [
      [50, row.p50],
      [95, row.p95],
    ] as const) {
      const exactMs = rank(delays, percent);
      if (exactMs === undefined) expect(duration).toBe(null);
      else expect(Math.abs(seconds(duration) * 1_000 - exactMs)).toBeLessThan(0.006 * exactMs);
    }
  }
});

test('Installs: by operating system and country, and how many led to a login', async () => {
  const { firstLogins } = await ask('Installs');
  const logins = ofType('user_logged_in', 'user_first_logged_in');
  const created = ofType('installation_created');
  const expected = [
    ...count(created, ({ payload }) => JSON.stringify([payload.os_name, payload.country_code])),
  ];
  expect(
    firstLogins
      .map(({ osName, countryCode, installations }: never) => [
        JSON.stringify([osName, countryCode]),
        installations,
      ])
      .sort(),
  ).toEqual(expected.sort());
  for (const row of firstLogins) {
    const these = created.filter(
      ({ payload }) => payload.os_name === row.osName && payload.country_code === row.countryCode,
    );
    const delays = these.flatMap((event) => {
      const own = sorted(
        logins.filter(({ payload }) => payload.installation_id === event.payload.installation_id),
      );
      return own[0] ? [Date.parse(own[0].occurred_on) - Date.parse(event.occurred_on)] : [];
    });
    expect(row).toMatchObject({ loggedIn: delays.length, share: delays.length / these.length });
    const exactMs = rank(delays, 50) ?? 0;
    expect(Math.abs(seconds(row.p50) * 1_000 - exactMs)).toBeLessThan(0.006 * exactMs);
  }
});

test('PlanChanges: by week and plan, and the latest ones', async () => {
  const { eventCounts, events } = await ask('PlanChanges');
  const changes = ofType('user_status_changed');
  const plan = (code: unknown) => PLANS[code as number] ?? 'UNKNOWN';
  const key = (event: Raw) =>
    JSON.stringify([weekIn('Europe/Madrid', event), plan(event.payload.to_status)]);
  const expected = [...count(changes, key)].map(([keys, number]) => {
    const these = changes.filter((event) => key(event) === keys);
    return [keys, number, distinct(these, 'user_id')];
  });
  const found = eventCounts.rows.map(({ week, status, count, users }: never) => [
    JSON.stringify([week, status]),
    count,
    users,
  ]);
  expect(found.sort()).toEqual(expected.sort());
  expect(events.edges.map(({ node }: never) => (node as { toStatus: string }).toStatus)).toEqual(
    changes.slice(-10).map(({ payload }) => plan(payload.to_status)),
  );
});

test('OneEvent: the latest one, and whom it is about', async () => {
  const { events } = await ask('OneEvent');
  const one = raw.at(-1) as Raw;
  expect(events.edges).toMatchObject([
    {
      node: {
        id: one.id,
        typeName: one.type,
        payload: one.payload,
        delivery: { repeats: 0 },
        user: { userId: one.payload.user_id },
      },
    },
  ]);
});

const questions = graphiqlExamples.flatMap(({ query }) => /^query (\w+)/m.exec(query)?.[1] ?? []);

test.each(questions)('%s runs as it opens', async (name) => {
  expect(await ask(name)).toBeDefined();
});

test('NotUnderstood: unknown types, extended payloads and refused deliveries', async () => {
  const { unknownEventTypes, quarantine, eventTypes } = await ask('NotUnderstood');
  const unknown = ofType('appointment_booked', 'survey_answered');
  const found = unknownEventTypes.map(({ name, count }: never) => [name, count]);
  expect(new Map(found)).toEqual(count(unknown, ({ type }) => type));
  expect(quarantine.edges).toHaveLength(Math.min(10, new Set(refused).size));
  const grown = eventTypes.filter(
    ({ undeclaredFields }: never) => (undeclaredFields as string[]).length > 0,
  );
  expect(grown).toEqual([{ name: 'app_opened', undeclaredFields: ['dark'] }]);
});

test('LiveEvents: of one user, as they arrive', async () => {
  const query = graphiqlExamples[0]?.query ?? '';
  const token = await server.token({ scope: SCOPE });
  const stream = subscribeByWebSocket({
    url: server.url,
    query,
    variables: { userIds: ['live'] },
    token,
  });
  await stream.ready;
  await server.post('app_opened', { user_id: 'another' });
  await server.post('app_opened', { user_id: 'live' });
  await server.post('user_logged_in', { user_id: 'live' });
  const events = await stream.until(2);
  expect(events.map(({ typeName, userId }) => [typeName, userId])).toEqual([
    ['app_opened', 'live'],
    ['user_logged_in', 'live'],
  ]);
  await stream.close();
});
