import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';

const LIST = `query ($filter: EventFilter) {
  events(filter: $filter) { edges { node { payload } } }
}`;
const FOLLOW = `subscription ($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) { cursor payload }
}`;
const ONE = '11111111-1111-4111-8111-11111111111a';
const TWO = '22222222-2222-4222-8222-22222222222b';

/** The log, one letter per event; each occurred on the given day of September 2021. */
const log = [
  { n: 'a', type: 'app_opened', day: 5, user_id: 'u', installation_id: ONE },
  { n: 'b', type: 'app_opened', day: 3, user_id: 'v', installation_id: TWO },
  { n: 'c', type: 'app_uninstalled', day: 4, user_id: null, installation_id: ONE.toUpperCase() },
  { n: 'd', type: 'new_thing', day: 1, user_id: 'u' },
  { n: 'e', type: 'unknown', day: 2, user_id: 'v', installation_id: TWO },
  { n: 'f', type: 'message_sent', day: 6, user_id: 'w', ...about('work', 5) },
  { n: 'g', type: 'message_read', day: 6, user_id: 'w', ...about('Work', -5) },
  { n: 'h', type: 'message_read', day: 7, user_id: 'x', ...about('work', 2 ** 40) },
  { n: 'i', type: 'user_logged_in', day: 6, user_id: 'w', installation_id: TWO, status: 2 },
  { n: 'j', type: 'user_status_changed', day: 7, user_id: 'w', from_status: 2, to_status: 0 },
  { n: 'k', type: 'user_status_changed', day: 8, user_id: 'x', from_status: 0, to_status: 9 },
  // Declared keys in an undeclared type are ignored.
  { n: 'l', type: 'new_thing', day: 9, speciality: 'work', professional_id: 5, status: 2 },
];
function about(speciality: string, professional_id: number) {
  return { message_id: ONE, installation_id: ONE, speciality, professional_id };
}
const day = (number: number) => `2021-09-0${number}T12:00:00Z`;

let server: TestServer;
let start: string;
let received: string[];
beforeAll(async () => {
  server = await startTestServer();
  await server.post('message_sent', { user_id: 'before' });
  const { body } = await server.query('{ events { edges { cursor } } }');
  start = body.data.events.edges[0].cursor;
  for (const { type, day: number, ...payload } of log) {
    await server.postRaw(JSON.stringify({ type, occurred_on: day(number), payload }));
  }
  const all = await server.query(
    `{ events(last: ${log.length}) { edges { node { receivedAt } } } }`,
  );
  received = all.body.data.events.edges.map(
    ({ node }: { node: { receivedAt: string } }) => node.receivedAt,
  );
});
afterAll(() => server.close());

const letters = (events: { payload: { n?: string } }[]) =>
  events.map(({ payload }) => payload.n ?? '').join('');

const ALL = 'abcdefghijkl';
const filters: [filter: object, wanted: string][] = [
  [{}, ALL],
  [{ types: null, userIds: null, installationIds: null, occurredOn: null }, ALL],
  [{ types: ['APP_OPENED'] }, 'ab'],
  [{ types: ['APP_UNINSTALLED', 'APP_OPENED', 'APP_OPENED'] }, 'abc'],
  [{ types: ['UNKNOWN'] }, 'del'],
  [{ types: ['USER_FIRST_LOGGED_IN'] }, ''],
  [{ userIds: ['u'] }, 'ad'],
  [{ userIds: ['u', 'v', 'nobody'] }, 'abde'],
  [{ userIds: ['U'] }, ''],
  [{ userIds: ['$ne', '{"$ne":1}'] }, ''],
  [{ installationIds: [ONE] }, 'acfgh'],
  [{ installationIds: [TWO.toUpperCase(), ONE] }, 'abcefghi'],
  [{ occurredOn: { from: day(3) } }, 'abcfghijkl'],
  [{ occurredOn: { until: day(3) } }, 'de'],
  [{ occurredOn: { from: day(2), until: day(4) } }, 'be'],
  [{ occurredOn: { from: '2021-09-03T14:00:00+02:00', until: day(4) } }, 'b'],
  [{ occurredOn: { from: day(3), until: day(3) } }, ''],
  [{ occurredOn: {} }, ALL],
  [{ receivedAt: { until: day(9) } }, ''],
  [{ types: ['APP_OPENED'], userIds: ['v'] }, 'b'],
  [{ types: ['UNKNOWN', 'APP_OPENED'], userIds: ['u', 'v'], installationIds: [TWO] }, 'be'],
  [{ types: ['UNKNOWN'], occurredOn: { from: day(2) } }, 'el'],
  [{ userIds: ['u'], installationIds: [TWO] }, ''],
  [{ types: [] }, ''],
  [{ userIds: [], types: ['APP_OPENED'] }, ''],
  [{ installationIds: [] }, ''],
  [{ occurredOn: { from: '1000-01-01T00:00:00Z', until: '3000-01-01T00:00:00Z' } }, ALL],
  [{ specialities: ['work'] }, 'fh'],
  [{ specialities: ['Work', 'work', 'nothing', 'work'] }, 'fgh'],
  [{ specialities: [''] }, ''],
  [{ specialities: [] }, ''],
  [{ specialities: null, professionalIds: null, statuses: null }, ALL],
  [{ professionalIds: [5] }, 'f'],
  [{ professionalIds: [-5, 2 ** 40, 0] }, 'gh'],
  [{ professionalIds: [] }, ''],
  [{ specialities: ['work'], professionalIds: [5, -5] }, 'f'],
  [{ specialities: ['work'], types: ['MESSAGE_READ', 'APP_OPENED'] }, 'h'],
  [{ specialities: ['work'], userIds: ['x'] }, 'h'],
  [{ specialities: ['work'], installationIds: [ONE], occurredOn: { until: day(7) } }, 'f'],
  [{ specialities: ['work'], types: ['UNKNOWN'] }, ''],
  [{ specialities: ['work'], statuses: ['FREE'] }, ''],
  [{ statuses: ['PREMIUM'] }, 'i'],
  [{ statuses: ['FREE'] }, 'j'],
  [{ statuses: ['UNKNOWN'] }, 'k'],
  [{ statuses: ['UNKNOWN', 'PREMIUM'] }, 'ik'],
  [{ statuses: ['FREE', 'PREMIUM', 'FREEMIUM', 'UNKNOWN'] }, 'ijk'],
  [{ statuses: ['FREEMIUM'] }, ''],
  [{ statuses: [] }, ''],
  [{ statuses: ['PREMIUM', 'FREE'], types: ['USER_STATUS_CHANGED'] }, 'j'],
  [{ statuses: 'FREE' }, 'j'],
];

test.each(filters)('a query matches for %j', async (filter, wanted) => {
  const { body } = await server.query(LIST, { filter });
  expect(body.errors).toBeUndefined();
  const nodes = body.data.events.edges.map(({ node }: { node: never }) => node);
  expect(letters(nodes)).toBe(wanted);
});

test('receivedAt includes `from` and excludes `until`', async () => {
  const [from, until] = [received[1], received[3]];
  const { body } = await server.query(LIST, { filter: { receivedAt: { from, until } } });
  const wanted = received.filter((time) => time >= `${from}` && time < `${until}`);
  expect(body.data.events.edges).toHaveLength(wanted.length);
});

test.each(filters.filter(([, wanted]) => wanted !== ''))(
  'a replay and then live events match for %j',
  async (filter, wanted) => {
    const variables = { filter, after: start };
    const token = await server.token();
    const subscriber = subscribeBySse({ url: server.url, query: FOLLOW, variables, token });
    expect(letters(await subscriber.until(wanted.length))).toBe(wanted);
    await subscriber.close();
  },
);

test('live events match all filters at once', async () => {
  const token = await server.token();
  const wanted = filters.filter(([, letters]) => letters !== '');
  const subscribers = wanted.map(([filter]) =>
    subscribeByWebSocket({ url: server.url, query: FOLLOW, variables: { filter }, token }),
  );
  await Promise.all(subscribers.map(({ ready }) => ready));
  // The same events again, a little later in the day, so that they are no duplicates.
  for (const { type, day: number, ...payload } of log) {
    const occurred_on = day(number).replace('00Z', '00.001Z');
    await server.postRaw(JSON.stringify({ type, occurred_on, payload }));
  }
  for (const [index, [filter, expected]] of wanted.entries()) {
    const got = await subscribers[index]?.until(expected.length);
    expect(letters(got ?? []), JSON.stringify(filter)).toBe(expected);
    await subscribers[index]?.close();
  }
});

describe('is refused with BAD_USER_INPUT', () => {
  const many = (value: string) => Array.from({ length: 101 }, () => value);
  test.each([
    [
      { occurredOn: { from: day(4), until: day(3) } },
      'filter.occurredOn: `from` lies after `until`.',
    ],
    [
      { receivedAt: { from: day(4), until: day(3) } },
      'filter.receivedAt: `from` lies after `until`.',
    ],
    [
      { userIds: many('u') },
      'filter.userIds: at most 100 values are taken, not 101 (MAX_FILTER_VALUES).',
    ],
    [
      { types: many('UNKNOWN') },
      'filter.types: at most 100 values are taken, not 101 (MAX_FILTER_VALUES).',
    ],
    [
      { installationIds: many(ONE) },
      'filter.installationIds: at most 100 values are taken, not 101 (MAX_FILTER_VALUES).',
    ],
    [
      { specialities: many('work') },
      'filter.specialities: at most 100 values are taken, not 101 (MAX_FILTER_VALUES).',
    ],
    [
      { professionalIds: Array.from({ length: 101 }, (_, id) => id) },
      'filter.professionalIds: at most 100 values are taken, not 101 (MAX_FILTER_VALUES).',
    ],
    [
      { statuses: many('FREE') },
      'filter.statuses: at most 100 values are taken, not 101 (MAX_FILTER_VALUES).',
    ],
    [{ professionalIds: [1.5] }, expect.stringContaining('SafeInt')],
    [{ professionalIds: ['5'] }, expect.stringContaining('SafeInt')],
    [{ professionalIds: [2 ** 53] }, expect.stringContaining('SafeInt')],
    [{ professionalIds: [null] }, expect.stringContaining('not to be null')],
    [{ statuses: ['free'] }, expect.stringContaining('UserStatus')],
    [{ statuses: [0] }, expect.stringContaining('UserStatus')],
    [{ specialities: [5] }, expect.stringContaining('String')],
    [{ types: ['NOPE'] }, expect.stringContaining('EventType')],
    [{ types: ['app_opened'] }, expect.stringContaining('EventType')],
    [{ types: [null] }, expect.stringContaining('not to be null')],
    [{ installationIds: ['ba55ab42'] }, expect.stringContaining('UUID')],
    [{ occurredOn: { from: 'yesterday' } }, expect.stringContaining('DateTime')],
    [{ occurredOn: { from: '2021-09-14T15:55:12' } }, expect.stringContaining('DateTime')],
    [{ colour: 'red' }, expect.stringContaining('colour')],
  ])('%j', async (filter, message) => {
    const { body } = await server.query(LIST, { filter });
    expect(body.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    const subscription = subscribeBySse({
      url: server.url,
      query: FOLLOW,
      variables: { filter },
      token: await server.token(),
    });
    await subscription.ended;
    expect(subscription.received).toEqual([]);
  });
});

test('1,500 values are refused like 101, and 10,000 before they are looked at', async () => {
  const messageFor = async (length: number) => {
    const filter = { professionalIds: Array.from({ length }, (_, id) => id) };
    const { body } = await server.query(LIST, { filter });
    return body.errors[0].message;
  };
  expect(await messageFor(1_500)).toBe(
    'filter.professionalIds: at most 100 values are taken, not 1500 (MAX_FILTER_VALUES).',
  );
  expect(await messageFor(10_000)).toMatch(/may have 2000 values together .*MAX_FILTER_VALUES/);
});
