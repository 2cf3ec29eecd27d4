import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../src/catalog/json.ts';
import { createProjectionBatches } from '../../src/projections/projection-batches.ts';
import { newEvent } from '../log/new-event.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';
import { openGraph } from './open-graph.ts';
import { derivedOf } from './oracle.ts';
import { someLives } from './some-lives.ts';
import { storedDocuments } from './stored-documents.ts';

/** In the future, and what clocks and libraries have by default. */
const NOT_CREDIBLE = [
  '2099-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00.000Z',
  '1900-01-01T00:00:00.000Z',
  '1970-01-01T00:00:00.000Z',
  '2001-01-01T00:00:00.000Z',
  '2007-12-31T23:59:59.999Z',
];
const [FUTURE = ''] = NOT_CREDIBLE;
const user_id = '32402404G';
const installation_id = 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f';
const message_id = 'eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e';
const about = { user_id, installation_id };
const message = { ...about, message_id, speciality: 'work', professional_id: 5 };

const received = (day: number) => new Date(Date.UTC(2024, 0, day));
const eventOn = (day: number, type: string, payload: JsonObject, occurredOn: string) => ({
  ...newEvent(payload, { type, occurredOn }),
  receivedAt: received(day),
});

test.each(NOT_CREDIBLE)('%s is shown, and does not affect derived data', async (occurredOn) => {
  const graph = await openGraph();
  onTestFinished(() => graph.close());
  await graph.append([
    eventOn(1, 'user_logged_in', { ...about, status: 2 }, occurredOn),
    eventOn(
      2,
      'user_status_changed',
      { user_id, from_status: 2, to_status: 0 },
      received(2).toISOString(),
    ),
    eventOn(3, 'app_uninstalled', about, occurredOn),
    eventOn(4, 'message_sent', message, occurredOn),
    eventOn(5, 'message_read', message, received(5).toISOString()),
  ]);
  const data = await graph.read(`{
    events { edges { node { occurredOn } } }
    user(id: "${user_id}") { status firstSeen lastSeen statusHistory { statusCode since } }
    installation(id: "${installation_id}") { lastSeen uninstalledOn }
    message(id: "${message_id}") { sentOn readDelaySeconds }
    users(filter: { lastSeen: { until: "2025-01-01T00:00:00Z" } }) { edges { node { userId } } }
    installations(filter: { lastSeen: { until: "2025-01-01T00:00:00Z" } }) { edges { node { lastSeen } } }
    messages(filter: { olderThan: "PT24H" }) { edges { node { sentOn } } }
    readDelays { read percentile(percent: 50) }
    unread: messages(filter: { sentOn: { until: "2008-01-01T00:00:00Z" } }) { edges { node { sentOn } } }
    early: users(filter: { firstSeen: { until: "2008-01-01T00:00:00Z" } }) { edges { node { userId } } }
  }`);
  const [first] = data.events.edges;
  expect(first.node.occurredOn).toBe(occurredOn);
  expect(data.user).toEqual({
    status: 'FREE',
    firstSeen: received(1).toISOString(),
    lastSeen: received(5).toISOString(),
    statusHistory: [
      { statusCode: 2, since: received(1).toISOString() },
      { statusCode: 0, since: received(2).toISOString() },
    ],
  });
  expect(data.installation.uninstalledOn).toBe(received(3).toISOString());
  expect(data.installation.lastSeen).toBe(received(5).toISOString());
  expect(data.message).toEqual({
    sentOn: received(4).toISOString(),
    readDelaySeconds: 24 * 60 * 60,
  });
  expect([data.unread.edges, data.early.edges]).toEqual([[], []]);
  expect(data.users.edges).toHaveLength(1);
  expect(data.installations.edges).toHaveLength(1);
  expect(data.messages.edges).toHaveLength(1);
  expect(data.readDelays).toMatchObject([{ read: 1 }]);
  expect(data.readDelays[0].percentile).toMatch(/^P(T23H|T24H|1D|T8)/);
});

test('projections derived by other rules are rebuilt, also by two concurrent processes', async () => {
  const uri = await emptyDatabase();
  const [{ log }, { log: other }] = [await openLog(uri), await openLog(uri)];
  const { collections } = log;
  await Promise.all(someLives(60, 3).map((event) => log.appender.append(event, 100)));
  const upTo = await log.tailer.catchUp();
  await other.tailer.catchUp();
  const { events } = await log.reader.read({ after: 0, upTo }, { limit: 10_000 });
  const wrong = {
    position: 1,
    lastPosition: upTo,
    firstSeen: new Date('0001-01-01T00:00:00Z'),
    lastSeen: new Date(FUTURE),
  };
  for (const { userId } of events) {
    if (userId === null) continue;
    await collections.users.replaceOne({ _id: userId }, wrong, { upsert: true });
  }
  await collections.users.insertOne({ _id: 'nobody', ...wrong });
  await collections.views.insertOne({ _id: 'views', foldedUpTo: upTo });

  const batches = [createProjectionBatches(log), createProjectionBatches(other)];
  await Promise.all(
    batches.map(async (one) => {
      while ((await one.applyNext(17)) < upTo);
    }),
  );
  expect(await storedDocuments(collections)).toEqual(derivedOf(events));
});
