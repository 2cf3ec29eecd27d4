import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toDelivery } from '../../src/cli/commands/replay/to-delivery.ts';
import { createPerson, deliveryAbout, tracesOf } from '../erasure/someone.ts';
import { placesOf } from '../erasure/stored-bytes.ts';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ erasureAnnounceMs: 20 });
});
afterAll(() => server.close());

async function ask(query: string, variables: object = {}, claims?: { scope: string }) {
  const { body } = await server.query(query, variables, await server.token(claims));
  expect(body.errors).toBeUndefined();
  return body.data;
}

test('payload filters match what is well-formed, stored and live alike', async () => {
  const user_id = 'filters';
  const sent: [string, object][] = [
    ['message_sent', { speciality: 'work', professional_id: 7 }],
    ['message_sent', { speciality: ['work'], professional_id: [7] }],
    ['message_sent', { speciality: null, professional_id: '7' }],
    ['message_read', { speciality: 'work', professional_id: 7.5 }],
    ['user_logged_in', { status: 9 }],
    ['user_logged_in', { status: '9' }],
    ['user_logged_in', { status: [9] }],
    ['user_logged_in', { status: 9.5 }],
    ['user_logged_in', { status: null }],
    ['user_logged_in', { status: {} }],
    ['user_status_changed', { from_status: 'free', to_status: 3_000_000_000 }],
    ['installation_created', { os_name: 5, country_code: ['es'] }],
  ];
  const { head } = await ask('{ head }');
  const filters = [
    { filter: { specialities: ['work'] }, matching: [0, 3] },
    { filter: { professionalIds: [7] }, matching: [0] },
    { filter: { statuses: ['UNKNOWN'] }, matching: [4, 10] },
    { filter: { statuses: ['UNKNOWN'], specialities: ['work'] }, matching: [] },
  ];
  const query = `subscription ($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) { cursor } }`;
  const token = await server.token();
  const last = { types: ['INSTALLATION_CREATED'] };
  const live = [...filters.map(({ filter }) => filter), last].map((filter) =>
    subscribeByWebSocket({
      ...{ url: server.url, token, query },
      variables: { filter, after: head },
    }),
  );
  await Promise.all(live.map(({ ready }) => ready));
  for (const [type, payload] of sent) {
    expect((await server.post(type, { user_id, ...payload })).status).toBe(200);
  }
  const LIST = `query ($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after, first: 100) { edges { cursor } } }`;
  const cursorsOf = async (filter: object): Promise<string[]> =>
    (await ask(LIST, { filter, after: head })).events.edges.map(
      ({ cursor }: { cursor: string }) => cursor,
    );
  const all = await cursorsOf({});
  expect(all).toHaveLength(sent.length);
  // Its event is the last one.
  await live.at(-1)?.until(1);
  for (const [index, { filter, matching }] of filters.entries()) {
    const expected = matching.map((place) => all[place]);
    expect(await cursorsOf(filter), JSON.stringify(filter)).toEqual(expected);
    const received = await live[index]?.until(expected.length);
    expect(received?.map(({ cursor }) => cursor)).toEqual(expected);
  }
  await Promise.all(live.map(({ close }) => close()));

  const COUNTS = `query ($after: String) { eventCounts(after: $after, filter: { userIds: ["filters"] },
    by: [SPECIALITY, PROFESSIONAL, STATUS, OS, COUNTRY]) {
    rows { speciality professionalId status osName countryCode count } } }`;
  const none = { speciality: null, professionalId: null, status: null, osName: null };
  const rows = (await ask(COUNTS, { after: head })).eventCounts.rows;
  expect(rows).toEqual([
    { ...none, speciality: 'work', professionalId: 7, countryCode: null, count: 1 },
    { ...none, speciality: 'work', countryCode: null, count: 1 },
    { ...none, status: 'UNKNOWN', countryCode: null, count: 2 },
    { ...none, countryCode: null, count: 8 },
  ]);
});

test('lists and statistics take what is well-formed of a malformed event', async () => {
  const user_id = 'lists';
  const installation_id = randomUUID();
  const [message_id, other] = [randomUUID(), randomUUID()];
  const about = { user_id, installation_id };
  for (const [type, payload] of [
    ['installation_created', { ...about, os_name: 5, device_model: 'Pixel' }],
    ['user_first_logged_in', { ...about, status: 2, coverage_name: 7, email: {} }],
    ['user_status_changed', { user_id, from_status: null, to_status: 4 }],
    ['user_status_changed', { user_id, from_status: 4, to_status: '0' }],
    ['message_sent', { ...about, message_id, speciality: ['x'], professional_id: 'x' }],
    ['message_read', { ...about, message_id, speciality: 'work', professional_id: 7.5 }],
    ['message_sent', { ...about, message_id: other, speciality: null }],
    ['message_sent', { ...about, message_id: [message_id] }],
    ['message_sent', { ...about, message_id: 'no-uuid' }],
  ] as const) {
    expect((await server.post(type, payload)).status).toBe(200);
  }
  const { user, installation, messages, readDelays } = await ask(
    `query ($installation: UUID!) {
      user(id: "lists") { status statusHistory { statusCode } coverageName
        eventCounts { type count } }
      installation(id: $installation) { osName deviceModel }
      messages(filter: { userIds: ["lists"] }, first: 10) {
        edges { node { messageId speciality professionalId readDelaySeconds } } }
      readDelays(filter: { userIds: ["lists"] }) { sent read }
    }`,
    { installation: installation_id },
  );
  expect(user).toMatchObject({ status: 'FREEMIUM', coverageName: null });
  expect(user.statusHistory).toEqual([{ statusCode: 2 }, { statusCode: 4 }]);
  expect(user.eventCounts[0]).toEqual({ type: 'MESSAGE_SENT', count: 4 });
  expect(installation).toEqual({ osName: null, deviceModel: 'Pixel' });
  expect(messages.edges.map(({ node }: never) => node)).toEqual([
    {
      messageId: message_id,
      speciality: 'work',
      professionalId: 0,
      readDelaySeconds: expect.any(Number),
    },
    { messageId: other, speciality: '', professionalId: 5, readDelaySeconds: null },
  ]);
  expect(readDelays).toEqual([{ sent: 2, read: 1 }]);
});

test('an erasure removes what is malformed as well', async () => {
  const [ada, bob] = [createPerson(), createPerson()];
  const phone = { number: ada.phone };
  for (const body of [
    deliveryAbout(ada, 'app_opened'),
    deliveryAbout(ada, 'user_logged_in', { payload: { status: ada.email } }),
    deliveryAbout(ada, 'user_first_logged_in', {
      payload: { email: [ada.email], mobile_phone: phone, coverage_name: { of: ada.id } },
    }),
    deliveryAbout(ada, 'message_sent', {
      payload: { message_id: ada.id, professional_id: ada.id },
    }),
    deliveryAbout(bob, 'message_sent', { payload: { professional_id: ada.id } }),
    deliveryAbout(bob, 'user_first_logged_in', { payload: { email: { user_id: ada.id } } }),
    deliveryAbout(ada, 'message_read', { payload: { user_id: null, speciality: [ada.email] } }),
  ]) {
    expect((await server.postRaw(body)).status).toBe(200);
  }
  const { eraseUser } = await ask(
    'mutation ($id: ID!) { eraseUser(userId: $id) { events mentions quarantined } }',
    { id: ada.id },
    { scope: 'events:admin' },
  );
  expect(eraseUser).toMatchObject({ events: 4, quarantined: 0 });
  expect(await placesOf(server.mongodbUri, tracesOf(ada))).toEqual([]);
});

test('a user id that is a number is erased with its user', async () => {
  const body = JSON.parse(deliveryOf('user_logged_in', { user_id: 88_776_655 }));
  body.occurred_on = '2026-01-01T00:00:00Z';
  await server.postRaw(JSON.stringify(body));
  const erase = 'mutation { eraseUser(userId: "88776655") { events } }';
  const { eraseUser } = await ask(erase, {}, { scope: 'events:admin' });
  expect(eraseUser.events).toBe(1);
  expect(await placesOf(server.mongodbUri, ['88776655'])).toEqual([]);
  expect((await server.postRaw(JSON.stringify(body))).body).toEqual({ status: 'erased' });
});

test('a retry brings what an older version refused into the log', async () => {
  const body = deliveryOf('message_sent', { user_id: 'older', speciality: null });
  const firstAt = new Date('2025-03-01T10:00:00.123Z');
  const digests = await insertQuarantined(server.mongodbUri, [{ body, firstAt }]);
  const { retryQuarantined } = await ask(
    'mutation ($digests: [String!]!) { retryQuarantined(digests: $digests) { status } }',
    { digests },
    { scope: 'events:admin' },
  );
  expect(retryQuarantined).toEqual([{ status: 'STORED' }]);
  const { events } = await ask(
    '{ events(filter: { userIds: ["older"] }, first: 1) { edges { node { __typename receivedAt } } } }',
  );
  expect(events.edges).toEqual([
    { node: { __typename: 'MalformedEvent', receivedAt: firstAt.toISOString() } },
  ]);
});

test('an exported one is the same event in a replay', async () => {
  const { body } = await server.post('app_opened', { installation_id: 5 });
  const { event } = await ask(
    'query ($id: ID!) { event(id: $id) { typeName occurredOn payload } }',
    { id: body.id },
  );
  const again = await server.postRaw(String(toDelivery(Buffer.from(JSON.stringify(event)))));
  expect(again.body).toMatchObject({ status: 'duplicate', id: body.id });
});
