import { describe, expect, test } from 'vitest';
import { definitionByName } from '../../src/catalog/catalog.ts';
import type { StoredData } from '../utils/open-stored-data.ts';
import { deliveryOf, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import { useServer } from '../utils/use-server.ts';

let server: TestServer;
let storedData: StoredData;
useServer((started) => {
  ({ server, storedData } = started);
});

const FIELDS = `__typename id cursor type typeName userId installationId payload
  ... on MalformedEvent { faults }`;
const ONE = `query ($id: ID!) { event(id: $id) { ${FIELDS} } }`;
const LIST = `query ($filter: EventFilter) {
  events(filter: $filter, last: 20) { edges { node { ${FIELDS} } } } }`;
const LIVE = `subscription ($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) { ${FIELDS} } }`;

async function store(type: string, payload: object) {
  const body = JSON.parse(deliveryOf(type, payload));
  const answer = await server.postRaw(JSON.stringify(body));
  expect(answer).toMatchObject({ status: 200, body: { status: 'stored' } });
  const { body: found } = await server.query(ONE, { id: answer.body.id });
  expect(found.errors).toBeUndefined();
  expect(found.data.event).toMatchObject({ id: answer.body.id, typeName: type });
  expect(found.data.event.payload).toEqual(body.payload);
  return found.data.event;
}

describe('a personal field may be absent, so the event is one of its type', () => {
  test.each([
    ['e-mail null', { email: null }],
    ['no phone', { mobile_phone: undefined }],
    ['no prefix', { mobile_phone_prefix: undefined }],
    ['none of them', { email: null, mobile_phone: null, mobile_phone_prefix: null }],
  ])('%s', async (name, payload) => {
    const event = await store('user_first_logged_in', { user_id: name, ...payload });
    expect(event.__typename).toBe('UserFirstLoggedIn');
  });

  test.each<[sent: string, userId: string]>([
    ['0', '0'],
    ['32402404', '32402404'],
    ['-7', '-7'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '9007199254740993'],
    ['110988663231921363', '110988663231921363'],
  ])(
    'a user id that is a whole number, of any size, means its digits: %s',
    async (sent, userId) => {
      for (const [type, name] of [
        ['app_opened', 'AppOpened'],
        ['app_uninstalled', 'AppUninstalled'],
        ['something_new', 'UnknownEvent'],
      ] as const) {
        const body = deliveryOf(type, { user_id: 'sent' }).replace('"sent"', sent);
        const answer = await server.postRaw(body);
        const { body: found } = await server.query(ONE, { id: answer.body.id });
        expect(found.data.event).toMatchObject({ __typename: name, userId });
      }
    },
  );

  test('an empty user id is none, where there may be none', async () => {
    const event = await store('app_uninstalled', { user_id: '' });
    expect(event).toMatchObject({ __typename: 'AppUninstalled', userId: null });
  });
});

describe('any other shape makes a MalformedEvent', () => {
  test.each([
    ['message_sent', { speciality: null }, ['speciality']],
    ['message_sent', { professional_id: '5' }, ['professional_id']],
    ['message_sent', { professional_id: 5.5, message_id: 'm1' }, ['message_id', 'professional_id']],
    ['message_read', { speciality: ['work'], user_id: undefined }, ['user_id', 'speciality']],
    ['app_opened', { user_id: 32402404.5 }, ['user_id']],
    ['app_opened', { user_id: true }, ['user_id']],
    ['app_opened', { user_id: '' }, ['user_id']],
    ['app_opened', { installation_id: 'none' }, ['installation_id']],
    ['app_uninstalled', { user_id: { id: '32402404G' } }, ['user_id']],
    ['user_logged_in', { status: '2' }, ['status']],
    ['user_first_logged_in', { email: 5, coverage_name: null }, ['email', 'coverage_name']],
    ['user_status_changed', { from_status: null }, ['from_status']],
    [
      'user_status_changed',
      { from_status: { toString: '', valueOf: 1 }, to_status: [[]], user_id: { toString: 'u' } },
      ['user_id', 'from_status', 'to_status'],
    ],
    [
      'installation_created',
      { os_version: 17, language_code: false },
      ['os_version', 'language_code'],
    ],
  ])('%s %j', async (type, payload, keys) => {
    const event = await store(type, payload);
    expect(event).toMatchObject({
      __typename: 'MalformedEvent',
      type: definitionByName.get(type)?.enumValue,
    });
    expect(event.faults.map((fault: string) => fault.split(': ')[0])).toEqual(
      keys.map((key) => `payload.${key}`),
    );
    expect(event.faults.join()).not.toMatch(/32402404|none|m1|5\.5/);
    const { body } = await server.query(
      `query ($id: ID!) { node(id: $id) { ${FIELDS.replace(/type typeName.*payload/s, '')} } }`.replace(
        'cursor',
        '',
      ),
      { id: event.id },
    );
    expect(body.data.node).toEqual({
      __typename: 'MalformedEvent',
      id: event.id,
      faults: event.faults,
    });
  });

  test('an empty payload, and one under __proto__', async () => {
    for (const payload of ['[]', '{"__proto__":{"installation_id":"none","user_id":"u"}}']) {
      const answer = await server.postRaw(
        `{"type":"app_opened","occurred_on":"2024-01-01T00:00:00Z","payload":${payload}}`,
      );
      expect(answer.body.status).toBe('stored');
      const { body } = await server.query(ONE, { id: answer.body.id });
      expect(body.data.event).toMatchObject({ __typename: 'MalformedEvent', userId: null });
    }
  });
});

test('filters by type, user and installation find it, live and in a replay', async () => {
  const installation_id = '5e9ff22e-5c15-4a3c-93a5-f5f0a0a5a3b1';
  const { body: before } = await server.query('{ head }');
  const filters = [
    { types: ['MESSAGE_SENT'] },
    { userIds: ['77001122'] },
    { userIds: ['77001122'], types: ['MESSAGE_SENT'] },
    { installationIds: [installation_id] },
  ];
  const token = await server.token();
  const options = (filter: object) => ({
    ...{ url: server.url, token, query: LIVE },
    variables: { filter, after: before.data.head },
  });
  const live = filters.flatMap((filter) => [
    subscribeByWebSocket(options(filter)),
    subscribeBySse(options(filter)),
  ]);
  await Promise.all(live.map(({ ready }) => ready));
  const sent = { user_id: 77001122, installation_id, speciality: 7 };
  const event = await store('message_sent', sent);
  expect(event).toMatchObject({ userId: '77001122', installationId: installation_id });
  for (const subscriber of live) expect(await subscriber.until(1)).toEqual([event]);
  await Promise.all(live.map(({ close }) => close()));
  for (const filter of filters) {
    const { body } = await server.query(LIST, { filter });
    expect(body.data.events.edges.map(({ node }: never) => node)).toContainEqual(event);
    const replay = subscribeBySse(options(filter));
    expect(await replay.until(1)).toEqual([event]);
    await replay.close();
  }
});

test('what is malformed is as personal as what is not', async () => {
  const user_id = 'personal-1';
  const mobile_phone = { number: '666996699' };
  const { id } = await store('user_first_logged_in', { user_id, email: 666, mobile_phone });
  const seenBy = async (claims: Parameters<TestServer['token']>[0]) => {
    const { body } = await server.query(ONE, { id }, await server.token(claims));
    return body.data.event;
  };
  const reader = await seenBy({ scope: 'events:read' });
  expect(Object.keys(reader.payload)).toEqual([
    ...['installation_id', 'user_id', 'status', 'coverage_name'],
  ]);
  expect(reader.faults).toEqual([
    expect.stringMatching(/^payload\.mobile_phone: /),
    expect.stringMatching(/^payload\.email: /),
  ]);
  // A nested object does not name its owner, so it may be another person's number.
  expect((await seenBy({ sub: user_id })).payload).toMatchObject({ email: 666 });
  expect((await seenBy({ sub: user_id })).payload).not.toHaveProperty('mobile_phone');
  expect((await seenBy({ scope: 'events:read pii:read' })).payload).toMatchObject({ mobile_phone });
  expect(await seenBy({ sub: 'another' })).toBeNull();
});

test('the log stores what was sent, and nothing about its shape', async () => {
  await store('user_status_changed', { user_id: 'shape', from_status: null });
  const [document] = (await storedData.events()).filter(({ userId }) => userId === 'shape');
  expect(Object.keys(document ?? {}).sort()).toEqual([
    '_id',
    'bell',
    'occurredOn',
    'occurredText',
    'payload',
    'position',
    'receivedAt',
    'type',
    'userId',
  ]);
});

test('it is drift, and no refusal', async () => {
  await store('user_logged_in', { user_id: 'drift', status: 'premium-secret' });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(
    /eventline_drift_events_total\{kind="malformed_field",type="user_logged_in"\} [1-9]/,
  );
  expect(metrics).not.toMatch(/eventline_quarantined_deliveries_total\{.*\} [1-9]/);
  expect(server.logLines.join()).toContain('malformed_field');
  expect(server.logLines.join()).not.toContain('premium-secret');
});
