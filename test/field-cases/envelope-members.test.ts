import { afterAll, beforeAll, expect, test } from 'vitest';
import { toDelivery } from '../../src/cli/commands/replay/to-delivery.ts';
import { createPerson, deliveryAbout, tracesOf } from '../erasure/someone.ts';
import { placesOf } from '../erasure/stored-bytes.ts';
import { runEventline } from '../utils/eventline.ts';
import {
  deliveryOf,
  JWT_SECRET,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../utils/server.ts';
import { subscribeBySse } from '../utils/subscribe.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ erasureAnnounceMs: 20 });
});
afterAll(() => server.close());

const ONE = 'query ($id: ID!) { event(id: $id) { typeName occurredOn payload envelope } }';

async function store(envelope: object, type = 'app_opened', payload: object = {}) {
  const delivery = JSON.parse(deliveryOf(type, payload));
  const answer = await server.postRaw(JSON.stringify({ ...envelope, ...delivery }));
  expect(answer.body.status).toBe('stored');
  return { id: answer.body.id as string, delivery };
}

async function envelopeOf(id: string, claims?: { sub?: string; scope?: string }) {
  const { body } = await server.query(ONE, { id }, await server.token(claims));
  expect(body.errors).toBeUndefined();
  return body.data.event.envelope;
}

test.each([
  ['an id', { event_id: 'evt_1' }],
  ['any members', JSON.parse('{"v":2,"then":{"a":[null]},"__proto__":{"b":1},"":0,"$a.b":[]}')],
  ['a number beyond 2^53', JSON.parse('{"seq":"110988663231921363"}')],
])('%s is shown, whatever the type', async (_, envelope) => {
  for (const type of ['app_opened', 'something_new']) {
    const { id } = await store(envelope, type);
    expect(JSON.stringify(await envelopeOf(id))).toBe(JSON.stringify(envelope));
  }
});

test('without other members it is null', async () => {
  expect(await envelopeOf((await store({})).id)).toBeNull();
});

test('subscribers receive it', async () => {
  const { body } = await server.query('{ head }');
  const { id } = await store({ trace: { id: 't1' } });
  const live = subscribeBySse({
    ...{ url: server.url, token: await server.token() },
    query: 'subscription ($after: String) { events(after: $after) { id envelope } }',
    variables: { after: body.data.head },
  });
  expect(await live.until(1)).toEqual([{ id, envelope: { trace: { id: 't1' } } }]);
  await live.close();
});

test('it has the rights of the payload', async () => {
  const envelope = { contact_email: 'ada@example.org', meta: { phone: '666996699', n: 1 } };
  const { id } = await store(envelope, 'app_opened', { user_id: 'envelope-1' });
  expect(await envelopeOf(id, { scope: 'events:read pii:read' })).toEqual(envelope);
  expect(await envelopeOf(id, { scope: 'events:read' })).toEqual({ meta: { n: 1 } });
  // A nested object does not say whose it is.
  expect(await envelopeOf(id, { sub: 'envelope-1' })).toEqual({
    contact_email: 'ada@example.org',
    meta: { n: 1 },
  });
});

test('it is no part of the identity, so an id of the attempt doubles no event', async () => {
  const { id, delivery } = await store({ attempt: 1 });
  const again = await server.postRaw(JSON.stringify({ ...delivery, attempt: 2 }));
  expect(again.body).toMatchObject({ status: 'duplicate', id });
  expect(await envelopeOf(id)).toEqual({ attempt: 1 });
});

test('an export has it, and a replay into another log keeps it', async () => {
  const { id } = await store({ event_id: 'evt_export' }, 'app_opened', { user_id: 'exported' });
  const args = ['export', '--user', 'exported', '--url', server.url];
  const { stdout, code } = await runEventline([...args, '--token', await server.token()], {
    cwd: await temporaryDirectory(),
    env: { WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET },
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ id, envelope: { event_id: 'evt_export' } });
  const other = await startTestServer();
  const { body } = await other.postRaw(String(toDelivery(Buffer.from(stdout.trim()))));
  const { body: found } = await other.query(ONE, { id: body.id });
  expect(found.data.event.envelope).toEqual({ event_id: 'evt_export' });
  await other.close();
});

test('it is erased with its user', async () => {
  const ada = createPerson();
  await server.postRaw(deliveryAbout(ada, 'app_opened', { extra: { by: ada.id, to: ada.email } }));
  await server.query(
    'mutation ($id: ID!) { eraseUser(userId: $id) { events } }',
    { id: ada.id },
    await server.token({ scope: 'events:admin' }),
  );
  expect(await placesOf(server.mongodbUri, tracesOf(ada))).toEqual([]);
});

test('it is drift, logged by its name once', async () => {
  const member = 'drift_of_envelope';
  for (const type of ['app_opened', 'something_new']) await store({ [member]: 'secret-1' }, type);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  for (const type of ['app_opened', 'unknown']) {
    expect(metrics).toMatch(
      new RegExp(`eventline_drift_events_total\\{kind="undeclared_member",type="${type}"\\} [1-9]`),
    );
  }
  const told = server.logLines.filter((text) => text.includes(member));
  expect(told.map((text) => JSON.parse(text))).toMatchObject([
    { level: 40, kind: 'undeclared_member', type: 'app_opened', name: member },
    { level: 40, kind: 'undeclared_member', type: 'unknown', name: member },
  ]);
  expect(server.logLines.join()).not.toContain('secret-1');
});
