import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { askAs } from './ask-as.ts';

const ON = { installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f' };
let server: TestServer;
let tool: string;
let own: string;
let admin: string;

beforeAll(async () => {
  server = await startTestServer({ limits: { maxBuckets: 20, maxFilterValues: 5 } });
  tool = await server.token({ scope: 'events:read' });
  own = await server.token({ sub: 'own' });
  admin = await server.token({ scope: 'events:admin' });
  for (const user_id of ['own', 'own', 'other', 'third']) {
    await server.post('message_sent', { ...ON, user_id, speciality: user_id });
  }
  await server.post('installation_created', ON);
  await server.post('survey_answered', { user_id: 'other', stars: 5 });
});
afterAll(() => server.close());

const ask = (token: string, query: string, variables = {}) =>
  askAs(server, token, query, variables);

describe('rights', () => {
  test("counts of a user without scopes cover the user's own events only", async () => {
    const query =
      '{ eventCounts(by: [TYPE, SPECIALITY]) { rows { speciality count users installations } } }';
    const { data } = await ask(own, query);
    expect(data.eventCounts.rows).toEqual([
      { speciality: 'own', count: 2, users: 1, installations: 1 },
    ]);
    const delays = await ask(
      own,
      '{ readDelays { sent } firstLogins { installations } eventTypes { name count } }',
    );
    expect(delays.data.readDelays).toEqual([{ sent: 2 }]);
    expect(delays.data.firstLogins).toEqual([]);
    const seen = delays.data.eventTypes.filter(({ count }: { count: number }) => count > 0);
    expect(seen).toEqual([{ name: 'message_sent', count: 2 }]);
  });

  test.each([
    ['{ eventCounts(filter: { userIds: ["other"] }) { rows { count } } }'],
    ['{ eventCounts(filter: { userIds: ["own", "other"] }) { rows { count } } }'],
    ['{ readDelays(filter: { userIds: ["other"] }) { sent } }'],
    ['{ unknownEventTypes { name } }'],
    ['{ quarantine { edges { node { digest } } } }'],
    ['mutation { retryQuarantined(digests: []) { digest } }'],
    ['mutation { dropQuarantined(digests: []) }'],
  ])('is FORBIDDEN without the scope: %s', async (query) => {
    expect((await ask(own, query)).codes).toEqual(['FORBIDDEN']);
  });

  test("the count after a cursor of another user's event reveals nothing", async () => {
    expect((await ask(admin, '{ eventCounts { rows { count } } }')).codes).toEqual(['FORBIDDEN']);
    const { data, codes } = await ask(
      admin,
      '{ unknownEventTypes { name count example { payload } } }',
    );
    expect(codes).toBeUndefined();
    expect(data.unknownEventTypes).toEqual([{ name: 'survey_answered', count: 1, example: null }]);
    const both = await server.token({ scope: 'events:admin events:read' });
    const seen = await ask(both, '{ unknownEventTypes { example { payload } } }');
    expect(seen.data.unknownEventTypes[0].example.payload).toEqual({ user_id: 'other', stars: 5 });
  });
});

describe('bad input', () => {
  const rows = '{ rows { count } }';
  const range = (from: string, until: string) =>
    `{ occurredOn: { from: "${from}", until: "${until}" } }`;
  const thousand = range('1026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
  const users = JSON.stringify(Array.from({ length: 900 }, (_, index) => `user-${index}`));
  test.each([
    [
      'a zone that is none',
      `{ eventCounts(by: [DAY], timeZone: "Mars/Olympus") ${rows} }`,
      'Europe/Madrid',
    ],
    ['the same without a unit of time', `{ eventCounts(timeZone: "x") ${rows} }`, 'timeZone'],
    ['the same for installations', '{ firstLogins(timeZone: "x") { share } }', 'timeZone'],
    [
      'a thousand years by the hour',
      `{ eventCounts(by: [HOUR], filter: ${thousand}) ${rows} }`,
      '8765832 buckets',
    ],
    [
      'a span turned round',
      `{ eventCounts(filter: ${range('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z')}) ${rows} }`,
      'after `until`',
    ],
    [
      'too many values',
      `query ($users: [ID!]) { eventCounts(filter: { userIds: $users }) ${rows} }`,
      'MAX_FILTER_VALUES',
    ],
    ['a dimension that is none', `{ eventCounts(by: [MOON]) ${rows} }`, 'MOON'],
    ['no percent', '{ readDelays { percentile(percent: 0) } }', 'percent'],
    ['more than all', '{ readDelays { percentile(percent: 100.1) } }', 'percent'],
    ['no digest', 'mutation { retryQuarantined(digests: ["3f9a"]) { digest } }', '96 characters'],
    ['first and last', '{ quarantine(first: 1, last: 1) { edges { cursor } } }', 'not both'],
    ['a page below nothing', '{ quarantine(first: -1) { edges { cursor } } }', '0 to'],
  ])("%s is BAD_USER_INPUT, with the argument's path", async (_, query, where) => {
    const everything = await server.token({ scope: 'events:read events:admin' });
    const { codes, message } = await ask(everything, query, { users: JSON.parse(users) });
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(message).toContain(where);
  });

  test('a cursor of another kind is CURSOR_INVALID', async () => {
    const everything = await server.token({ scope: 'events:read events:admin' });
    for (const query of [
      '{ quarantine(after: "x") { edges { cursor } } }',
      `{ eventCounts(after: "x") ${rows} }`,
    ]) {
      expect((await ask(everything, query)).codes).toEqual(['CURSOR_INVALID']);
    }
  });

  test.each([
    ['no field', '{}', 6],
    ['an empty list', '{ types: [] }', 0],
    ['a span of no length', range('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'), 0],
    ['a thousand years', thousand, 0],
  ])('a filter with %s counts matching events', async (_, filter, count) => {
    const { data } = await ask(tool, `{ eventCounts(filter: ${filter}) ${rows} }`);
    expect(data.eventCounts.rows).toEqual([{ count }]);
  });

  test('more rows than allowed buckets are refused, never truncated', async () => {
    for (let number = 0; number < 21; number += 1) {
      await server.post('message_sent', { user_id: 'many', professional_id: number + 1_000 });
    }
    const { codes, message } = await ask(tool, `{ eventCounts(by: [PROFESSIONAL]) ${rows} }`);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(message).toContain('more than 20 (MAX_BUCKETS)');
  });

  test('counting the whole log has a high complexity', async () => {
    const fields = Array.from(
      { length: 13 },
      (_, n) => `a${n}: eventCounts { rows { users installations } }`,
    );
    const fine = await ask(tool, `{ ${fields.join(' ')} }`);
    expect(fine.codes).toBeUndefined();
    const users = `users(first: 50) { edges { node { events(first: 1000) { edges { cursor } } } } }`;
    const dear = await ask(tool, `{ ${fields.join(' ')} ${users} }`);
    expect(dear.codes).toEqual(['BAD_USER_INPUT']);
    expect(dear.message).toContain('complexity');
  });
});

test('a count continues from its cursor', async () => {
  const { data } = await ask(tool, '{ eventCounts { reached rows { count } } head }');
  expect(data.eventCounts.reached).toBe(data.head);
  await server.post('app_opened', { user_id: 'later' });
  const query =
    'query ($after: String) { eventCounts(after: $after, by: [TYPE]) { rows { type count } } }';
  const on = await ask(tool, query, { after: data.head });
  expect(on.data.eventCounts.rows).toEqual([{ type: 'APP_OPENED', count: 1 }]);
});
