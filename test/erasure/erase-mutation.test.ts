import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIVE } from '../documents.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { createLogSignal } from '../webhook/log-signal.ts';
import { createPerson, deliveryAbout, someTypes, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const ERASE = 'mutation ($id: ID!) { eraseUser(userId: $id) { events mentions quarantined } }';
const EVENTS = `query ($after: String) { events(first: 100, after: $after) {
  edges { cursor node { id userId payload installationId } } } }`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ erasureAnnounceMs: 20 });
});
afterAll(() => server.close());
const admin = () => server.token({ scope: 'events:admin' });

test.for([
  ['a user', { sub: 'me' }],
  ['who reads all', { scope: 'events:read pii:read' }],
  ['nobody in particular', {}],
] as const)('%s may not erase', async ([, claims]) => {
  const ada = createPerson();
  await server.postRaw(deliveryAbout(ada, 'app_opened'));
  const { body } = await server.query(ERASE, { id: ada.id }, await server.token(claims));
  expect(body.data).toBeNull();
  expect(body.errors[0].extensions.code).toBe('FORBIDDEN');
  expect(await placesOf(server.mongodbUri, [ada.id])).not.toEqual([]);
});

test.for([
  ['nothing', ''],
  ['a long text', 'x'.repeat(513)],
] as const)('%s is not a user id', async ([, id]) => {
  const { body } = await server.query(ERASE, { id }, await admin());
  expect(body.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
});

test.for([[{ $ne: null }], [['a']], [null]])('%j is not a user id either', async ([id]) => {
  const { body } = await server.query(ERASE, { id }, await admin());
  expect(body.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
});

test('it erases, readers resume at their cursors, and the webhook answers a redelivery', async () => {
  const [ada, bob] = [createPerson(), createPerson()];
  const bodies = [ada, bob].flatMap((one) => someTypes.map((type) => deliveryAbout(one, type)));
  const token = await server.token();
  const live = subscribeByWebSocket({ url: server.url, query: LIVE.toString(), token });
  await live.ready;
  const answers = [];
  for (const body of bodies) answers.push((await server.postRaw(body)).body);
  await live.until(bodies.length);
  const broken = { extra: { type: 5 } };
  expect((await server.postRaw(deliveryAbout(ada, 'app_opened', broken))).body).toMatchObject({
    quarantined: true,
  });
  const before = (await server.query(EVENTS)).body.data.events.edges;

  const { body } = await server.query(ERASE, { id: ada.id }, await admin());
  expect(body).toEqual({ data: { eraseUser: { events: 8, mentions: 1, quarantined: 1 } } });
  expect(await placesOf(server.mongodbUri, tracesOf(ada))).toEqual([]);

  const after = (await server.query(EVENTS)).body.data.events.edges;
  const cursors = (edges: { cursor: string }[]) => edges.map(({ cursor }) => cursor);
  expect(cursors(after)).toEqual(cursors(before));
  expect(JSON.stringify(after)).not.toContain(ada.id);
  const old = (
    await server.query('query ($id: ID!) { event(id: $id) { type } }', { id: answers[0].id })
  ).body;
  expect(old.data.event).toBeNull();

  // A subscription resumes from the cursor of an erased event.
  const resumed = subscribeByWebSocket({
    url: server.url,
    query: LIVE.toString(),
    variables: { after: before.at(-bodies.length).cursor },
    token,
  });
  expect(await resumed.until(bodies.length - 1)).toHaveLength(bodies.length - 1);
  expect(JSON.stringify(resumed.received)).not.toContain(ada.id);
  await resumed.close();

  for (const [index, body] of bodies.entries()) {
    const answer = await server.postRaw(body);
    expect(answer.status).toBe(200);
    // Deliveries without a user on the user's installation are erased too.
    if (index < someTypes.length) expect(answer.body).toEqual({ status: 'erased' });
    else
      expect(answer.body).toMatchObject({ status: 'duplicate', position: answers[index].position });
  }
  const again = await server.postRaw(deliveryAbout(ada, 'app_opened', broken));
  expect([again.status, again.body]).toEqual([200, { status: 'erased' }]);
  // Live readers received nothing twice.
  expect(live.received).toHaveLength(bodies.length);
  await live.close();

  const said = server.logLines.filter((text) => text.includes('a user was erased'));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('"events":8');
  for (const trace of tracesOf(ada)) expect(server.logLines.join('')).not.toContain(trace);
});

test('a stop of the server ends it with an error, and the next server finishes it', async () => {
  const { logger } = createLogSignal();
  const first = await startTestServer({
    mongodbUri: server.mongodbUri,
    erasureAnnounceMs: 600_000,
    logger,
  });
  const ada = createPerson();
  await first.postRaw(deliveryAbout(ada, 'app_opened'));
  // The mutation waits for the other instance; the second redelivery shows that the erasure has
  // begun.
  const asked = first.query(ERASE, { id: ada.id }, await admin()).catch(() => undefined);
  const later = deliveryAbout(ada, 'user_logged_in');
  await waitUntil(async () => (await first.postRaw(later)).body.status === 'erased');
  await first.close();
  const answer = await asked;
  if (answer) expect(answer.body.errors[0].extensions.code).toBe('SERVICE_UNAVAILABLE');
  const { body } = await server.query(ERASE, { id: ada.id }, await admin());
  expect(body.data.eraseUser.events).toBeGreaterThan(0);
  expect(await placesOf(server.mongodbUri, tracesOf(ada))).toEqual([]);
});
