import { afterEach, beforeEach, expect, test } from 'vitest';
import { UnstorableError } from '../../src/errors.ts';
import type { Log } from '../../src/log/log.ts';
import {
  type Retried,
  type RetryOptions,
  retryRejected,
} from '../../src/webhook/retry-rejected.ts';
import { badDeliveries } from '../fixtures/bad-deliveries.ts';
import { openPatientLog } from '../log/open-logs.ts';
import { freshDatabase, type TestDatabase } from '../utils/database.ts';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import { readLogIds } from '../utils/log-ids.ts';
import { bytesOf, openStoredData, type StoredData } from '../utils/open-stored-data.ts';
import { parsedEvent } from '../utils/parsed-event.ts';
import { deliveryOf } from '../utils/server.ts';

const FIRST_AT = new Date('2025-03-01T10:00:00.123Z');
const LATER = new Date('2025-03-02T10:00:00.456Z');

let database: TestDatabase;
let storedData: StoredData;
let log: Log;
beforeEach(async () => {
  database = await freshDatabase();
  storedData = await openStoredData(database.uri);
  log = await openPatientLog({ uri: database.uri });
});
afterEach(async () => {
  await log.close();
  await storedData.close();
  await database.drop();
});

async function retry(ids: string[], options: RetryOptions = log): Promise<Retried[]> {
  const outcomes: Retried[] = [];
  for await (const outcome of retryRejected(ids, options)) outcomes.push(outcome);
  return outcomes;
}
const bodies = (count: number) => Array.from({ length: count }, () => deliveryOf('message_sent'));
const statuses = (outcomes: Retried[]) => outcomes.map(({ status }) => status);

test('an acceptable delivery is stored with its first time of reception, and leaves the quarantine', async () => {
  const body = deliveryOf('message_sent', { user_id: 'retried', unlisted: 7 });
  const ids = await insertQuarantined(database.uri, [
    { body, firstAt: FIRST_AT, lastAt: LATER, count: 9 },
  ]);
  expect(await retry(ids)).toMatchObject([{ id: ids[0], status: 'stored', position: 1 }]);
  const [event, ...others] = await storedData.events();
  expect(event).toMatchObject({ position: 1, userId: 'retried', receivedAt: FIRST_AT });
  expect(event?.payload).toEqual(JSON.parse(body).payload);
  expect(others).toEqual([]);
  expect(await storedData.quarantine()).toEqual([]);
});

test('a delivery that an older instance quarantines again is a duplicate', async () => {
  const body = deliveryOf('message_sent');
  await retry(await insertQuarantined(database.uri, [{ body, firstAt: FIRST_AT }]));
  const ids = await insertQuarantined(database.uri, [{ body, firstAt: LATER }]);
  expect(await retry(ids)).toMatchObject([{ status: 'duplicate', position: 1 }]);
  expect(await storedData.events()).toMatchObject([{ receivedAt: FIRST_AT }]);
  expect(await storedData.quarantine()).toEqual([]);
});

test('a retry interrupted between the log and the quarantine is finished by the next', async () => {
  const body = deliveryOf('message_sent');
  const ids = await insertQuarantined(database.uri, [{ body, firstAt: FIRST_AT }]);
  await log.appender.append(parsedEvent(Buffer.from(body), FIRST_AT), body.length);
  expect(await retry(ids)).toMatchObject([{ status: 'duplicate', position: 1 }]);
  expect(await storedData.events()).toHaveLength(1);
  expect(await storedData.quarantine()).toEqual([]);
});

test('a delivery that is still not acceptable stays, with the current reason', async () => {
  const bad = Object.values(badDeliveries);
  const kept = bad.map(({ body }) => ({ body, firstAt: FIRST_AT, lastAt: LATER, count: 3 }));
  const ids = await insertQuarantined(database.uri, kept);
  const outcomes = await retry(ids);
  expect(outcomes).toEqual(
    bad.map(({ problem, detail }, index) => ({
      id: ids[index],
      status: 'refused',
      problem,
      detail,
    })),
  );
  const still = await storedData.quarantine();
  const { quarantine } = await readLogIds(database.uri);
  expect(still).toHaveLength(bad.length);
  for (const [index, { body, problem, detail }] of bad.entries()) {
    const stored = quarantine.open(Buffer.from(ids[index] ?? '', 'hex'));
    const document = still.find(({ _id }) => stored?.equals(_id.value()));
    expect(document).toMatchObject({ firstAt: FIRST_AT, lastAt: LATER, count: 3, problem, detail });
    expect(document && bytesOf(document.raw)).toEqual(Buffer.from(body));
  }
  expect(await storedData.events()).toEqual([]);
});

test('two notations of one event are stored once', async () => {
  const body = deliveryOf('message_sent');
  const ids = await insertQuarantined(database.uri, [{ body }, { body: `${body}\n` }]);
  const outcomes = await retry(ids);
  expect(outcomes).toMatchObject([{ position: 1 }, { position: 1 }]);
  expect(statuses(outcomes).sort()).toEqual(['duplicate', 'stored']);
  expect(await storedData.quarantine()).toEqual([]);
});

test('many deliveries enter the log in the given order', async () => {
  const kept = bodies(70).map((body) => ({ body }));
  const ids = await insertQuarantined(database.uri, kept);
  expect(await retry(ids)).toMatchObject(
    ids.map((id, index) => ({ id, status: 'stored', position: index + 1 })),
  );
});

test('concurrent retries store each delivery once, and at least one of them reports it', async () => {
  const kept = bodies(60).map((body) => ({ body, firstAt: FIRST_AT }));
  const ids = await insertQuarantined(database.uri, kept);
  const other = await openPatientLog({ uri: database.uri });
  const [ours, theirs] = await Promise.all([retry(ids), retry(ids, other)]).finally(other.close);
  const positions = (await storedData.events()).map(({ position }) => position);
  expect(positions).toEqual(ids.map((_, index) => index + 1));
  for (const [index, id] of ids.entries()) {
    // Two instances that get the same event at the same moment may both answer `stored` (decision 21).
    const said = [ours[index], theirs[index]].filter((outcome) => outcome?.status === 'stored');
    expect(said.length).toBeGreaterThan(0);
    for (const outcome of said) expect(outcome).toMatchObject({ id });
  }
  expect(await storedData.quarantine()).toEqual([]);
});

test('a delivery that left the quarantine in between does not return', async () => {
  const ids = await insertQuarantined(database.uri, [{ body: 'not JSON' }]);
  await log.quarantine.remove(ids[0] ?? '');
  expect(await retry(ids)).toEqual([{ id: ids[0], status: 'gone' }]);
  expect(await storedData.quarantine()).toEqual([]);
});

test('a delivery that the database will never store is refused, not failed', async () => {
  const ids = await insertQuarantined(database.uri, [{ body: deliveryOf('message_sent') }]);
  const appender = { append: () => Promise.reject(new UnstorableError()) };
  const outcomes = await retry(ids, { ...log, appender });
  expect(outcomes).toMatchObject([{ status: 'refused', problem: 'json-not-exact' }]);
  expect(await storedData.quarantine()).toMatchObject([{ problem: 'json-not-exact' }]);
});

test('if the log is unavailable, all stay in quarantine and the rest is not tried', async () => {
  const kept = bodies(70).map((body) => ({ body }));
  const ids = await insertQuarantined(database.uri, kept);
  await log.appender.close();
  const outcomes = await retry(ids);
  expect(outcomes.length).toBeLessThan(ids.length);
  expect(new Set(statuses(outcomes))).toEqual(new Set(['failed']));
  expect(await storedData.quarantine()).toHaveLength(ids.length);
});

test('an abort lets deliveries in flight finish, and starts no others', async () => {
  const kept = bodies(70).map((body) => ({ body }));
  const ids = await insertQuarantined(database.uri, kept);
  const stop = new AbortController();
  const outcomes: Retried[] = [];
  for await (const outcome of retryRejected(ids, { ...log, signal: stop.signal })) {
    outcomes.push(outcome);
    stop.abort();
  }
  expect(outcomes.length).toBeLessThan(ids.length);
  expect(new Set(statuses(outcomes))).toEqual(new Set(['stored']));
  expect(await storedData.events()).toHaveLength(outcomes.length);
  expect(await storedData.quarantine()).toHaveLength(ids.length - outcomes.length);
});

test('bodies of 4 MiB are in memory at most, however many are retried', async () => {
  const text = 'x'.repeat(1_500_000);
  const kept = Array.from({ length: 9 }, (_, index) => ({
    body: deliveryOf('message_sent', { text: index === 4 ? '' : text }),
  }));
  const ids = await insertQuarantined(database.uri, kept);
  let held = 0;
  let most = 0;
  const quarantine = {
    ...log.quarantine,
    async read(id: string) {
      held += 1;
      most = Math.max(most, held);
      return log.quarantine.read(id);
    },
    async remove(id: string) {
      held -= 1;
      return log.quarantine.remove(id);
    },
  };
  expect(await retry(ids, { ...log, quarantine })).toMatchObject(
    ids.map((id, index) => ({ id, status: 'stored', position: index + 1 })),
  );
  // Two of 1.5 MB and the small one.
  expect(most).toBe(3);
});
