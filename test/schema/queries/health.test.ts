import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertQuarantined } from '../../utils/insert-quarantined.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { askAs } from './ask-as.ts';

let server: TestServer;
let tool: string;
let admin: string;
beforeAll(async () => {
  server = await startTestServer();
  tool = await server.token({ scope: 'events:read' });
  admin = await server.token({ scope: 'events:read events:admin' });
});
afterAll(() => server.close());

const HEALTH = `query ($since: DateTime!) {
  health {
    isDatabaseUp lastReceivedAt quarantined
    feedLagPositions feedLagSeconds listsLagPositions
    storedSince(since: $since)
  }
}`;

async function healthAs(token: string, since: Date) {
  return askAs(server, token, HEALTH, { since: since.toISOString() });
}

test('health describes an empty log, then what was stored and what lags', async () => {
  const start = new Date(Date.now() - 60_000);
  const { data: empty } = await healthAs(tool, start);
  expect(empty.health).toEqual({
    ...{ isDatabaseUp: true, lastReceivedAt: null, quarantined: null, storedSince: 0 },
    ...{ feedLagPositions: 0, feedLagSeconds: 0, listsLagPositions: 0 },
  });
  for (let n = 0; n < 7; n += 1) await server.post('app_opened', { user_id: `user-${n}` });
  const { body } = await server.query('{ events(last: 3) { edges { node { receivedAt } } } }');
  const received: string[] = body.data.events.edges.map(
    ({ node }: { node: { receivedAt: string } }) => node.receivedAt,
  );
  const last = received.at(-1) ?? '';
  const { data } = await healthAs(tool, start);
  expect(data.health).toMatchObject({ lastReceivedAt: last, storedSince: 7 });
  // The boundary that was found before still holds.
  await server.post('app_opened', { user_id: 'user-8' });
  expect((await healthAs(tool, start)).data.health.storedSince).toBe(8);
  const least = received.filter((instant) => instant >= (received[1] ?? '')).length + 1;
  const { data: later } = await healthAs(tool, new Date(received[1] ?? ''));
  expect(later.health.storedSince).toBe(least);
  expect((await healthAs(tool, new Date(Date.now() + 60_000))).data.health.storedSince).toBe(0);
});

test('the lag of the lists is gone once a list was read', async () => {
  await server.post('app_opened', { user_id: 'lagging' });
  const { data: before } = await healthAs(tool, new Date());
  expect(before.health.listsLagPositions).toBeGreaterThan(0);
  await server.query('{ users { edges { cursor } } }');
  const { data: after } = await healthAs(tool, new Date());
  expect(after.health.listsLagPositions).toBe(0);
});

test('only an administrator sees the number of quarantined deliveries, and only a tool any of it', async () => {
  await insertQuarantined(server.mongodbUri, [
    { body: '{"broken":1}', firstAt: new Date(), problem: 'invalid-envelope' },
  ]);
  expect((await healthAs(admin, new Date())).data.health.quarantined).toBe(1);
  expect((await healthAs(tool, new Date())).data.health.quarantined).toBeNull();
  const user = await server.token({ sub: 'user-1' });
  expect(await healthAs(user, new Date())).toMatchObject({ data: null, codes: ['FORBIDDEN'] });
});

test('malformed events are found among the newest that the viewer may see', async () => {
  const QUERY =
    '{ malformedEvents { examined events { type userId ... on MalformedEvent { faults } } } }';
  await server.post('app_opened', { user_id: 'malformed', installation_id: 7 });
  await server.post('user_logged_in', { user_id: 'other', status: 'premium' });
  const { data } = await askAs(server, tool, QUERY);
  expect(data.malformedEvents.events).toEqual([
    {
      ...{ type: 'USER_LOGGED_IN', userId: 'other' },
      faults: ['payload.status: invalid input: expected number, received string'],
    },
    {
      ...{ type: 'APP_OPENED', userId: 'malformed' },
      faults: [expect.stringContaining('payload.installation_id')],
    },
  ]);
  expect(data.malformedEvents.examined).toBeGreaterThanOrEqual(2);
  const own = await askAs(server, await server.token({ sub: 'other' }), QUERY);
  expect(own.data.malformedEvents).toMatchObject({ examined: 1, events: [{ userId: 'other' }] });
});
