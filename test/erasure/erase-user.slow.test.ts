import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { declareRestored } from '../../src/log/declare-restored.ts';
import type { Log } from '../../src/log/log.ts';
import { openStorage as openCollections } from '../../src/storage/open-storage.ts';
import { emptyDatabase, openLog as openAny } from '../log/open-logs.ts';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import { readAll } from './read-all.ts';
import {
  createPerson,
  deliveryAbout,
  eventAbout,
  type Person,
  someTypes,
  tracesOf,
} from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const typesWithInstallation = catalog
  .filter(({ fields }) => 'installation_id' in fields)
  .map(({ name }) => name);
const openLog = (uri: string) => openAny(uri, { erasureAnnounceMs: 20 });

async function appendAll(log: Log, people: readonly Person[]) {
  for (const person of people) {
    for (const type of someTypes) await log.appender.append(eventAbout(person, type), 100);
  }
  await log.tailer.catchUp();
}

test('nothing of the user is left in the database, and nothing of others is changed', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  await appendAll(log, [ada, bob, ada]);
  await insertQuarantined(uri, [
    { body: deliveryAbout(ada, 'app_opened', { extra: { type: 5 } }) },
    { body: `{"user_id": "${ada.id}", broken` },
    { body: deliveryAbout(bob, 'app_opened', { extra: { type: 5 } }) },
  ]);
  const before = await readAll(log);
  expect(await placesOf(uri, tracesOf(ada))).not.toEqual([]);

  const counts = await log.eraser.erase(ada.id);
  // Seven types and the new one have a user; installation_created has none.
  expect(counts).toEqual({ events: 16, mentions: 2, quarantined: 2 });
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);

  const after = await readAll(log);
  expect(after.map(({ position, type }) => [position, type])).toEqual(
    before.map(({ position, type }) => [position, type]),
  );
  const times = ({ occurredOn, receivedAt }: StoredEvent) => [occurredOn, receivedAt];
  expect(after.map(times)).toEqual(before.map(times));
  const ofBob = (events: StoredEvent[]) => events.slice(someTypes.length, 2 * someTypes.length);
  expect(ofBob(after)).toEqual(ofBob(before));
  const users = new Set(after.map(({ userId }) => userId));
  expect(users.size).toBe(3);
  const [pseudonym] = [...users].filter((id) => id !== null && id !== bob.id);
  expect(pseudonym).toMatch(/^erased-[\w-]{22}$/);
  // The former digest of an event finds nothing.
  for (const event of before) {
    const found = await log.reader.byDigest(event.digest);
    const mayBe = event.userId === bob.id || event.installationId === bob.installation;
    expect(found !== undefined).toBe(mayBe);
  }
});

test('an erased event keeps all that its type promises, and its plan', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  await appendAll(log, [ada]);
  await log.eraser.erase(ada.id);
  for (const event of await readAll(log)) {
    const definition = catalog.find(({ name }) => name === event.type);
    const missing = definition?.faults(event.payload).filter((fault) => !/phone|email/.test(fault));
    expect(missing ?? []).toEqual([]);
    if (event.type === 'user_status_changed') {
      expect(event.payload).toMatchObject({ from_status: 4, to_status: 0 });
    }
    if (event.type === 'message_sent') {
      expect(event.payload).toMatchObject({ speciality: '', professional_id: 0 });
    }
    expect(event.payload).not.toHaveProperty('email');
  }
});

test('equal values get equal pseudonyms: messages keep their reads, installations their events', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  const message = { message_id: randomUUID() };
  await log.appender.append(eventAbout(ada, 'message_sent', { payload: message }), 100);
  await log.appender.append(eventAbout(ada, 'message_read', { payload: message }), 100);
  await log.eraser.erase(ada.id);
  const [sent, read] = await readAll(log);
  expect(sent?.payload.message_id).toMatch(/^[\da-f-]{36}$/);
  expect(sent?.payload.message_id).not.toBe(message.message_id);
  expect(read?.payload.message_id).toBe(sent?.payload.message_id);
  expect(read?.userId).toBe(sent?.userId);
  expect(read?.installationId).toBe(sent?.installationId);
});

test('the record of a finished erasure reveals neither the user nor the pseudonym', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  await appendAll(log, [ada]);
  await log.eraser.erase(ada.id);
  const { collections, close } = await openCollections(uri);
  const kept = await collections.erasures.find().toArray();
  const [_id, mark] = [expect.anything(), expect.any(Number)];
  const before = expect.any(Date);
  const rewritten = { before, upTo: expect.any(Number) };
  expect(kept.filter(({ kind }) => kind === undefined)).toEqual([{ _id, mark, before, rewritten }]);
  // The e-mail, the phone number, and the number with its prefix.
  expect(kept.filter(({ kind }) => kind === 'contact')).toEqual(
    Array(3).fill({ _id, mark, before, rewritten, kind: 'contact' }),
  );
  // The creation event without a user: it has no instant, which would reveal the user.
  expect(kept.filter(({ kind }) => kind === 'event')).toEqual([
    { _id, mark, before: new Date(0), kind: 'event' },
  ]);
  await close();
});

test("a shared installation keeps its other user's events", async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  const bob = { ...createPerson(), installation: ada.installation };
  await appendAll(log, [ada, bob]);
  expect(await log.eraser.erase(ada.id)).toMatchObject({ mentions: 0 });
  const events = await readAll(log);
  const kept = events.filter(({ installationId }) => installationId === bob.installation);
  expect(kept.map(({ userId }) => userId ?? bob.id)).toEqual(kept.map(() => bob.id));
  expect(kept.map(({ type }) => type).sort()).toEqual(
    // Both users' events say that the installation was created.
    ['installation_created', ...typesWithInstallation].sort(),
  );
});

test('a dry run counts the same and changes nothing', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  await appendAll(log, [ada, bob]);
  // Events without a user on the user's installation: unchanged ones, and one that names the user.
  const unattributed = {
    user_id: null,
    installation_id: ada.installation,
    by: { user_id: ada.id },
  };
  await log.appender.append(eventAbout(ada, 'installation_created'), 100);
  await log.appender.append(eventAbout(ada, 'new_type', { payload: unattributed }), 100);
  // An event on an installation that Bob also used.
  const shared = { user_id: null, installation_id: bob.installation, email: ada.email };
  await log.appender.append(
    eventAbout(ada, 'app_opened', { payload: { installation_id: bob.installation } }),
    100,
  );
  await log.appender.append(eventAbout(ada, 'new_type', { payload: shared }), 100);
  await insertQuarantined(uri, [
    { body: `no JSON of ${ada.id}` },
    { body: `no JSON on ${ada.installation.toUpperCase()}` },
    { body: `no JSON on ${bob.installation}` },
  ]);
  const before = await readAll(log);
  const counts = await log.eraser.erase(ada.id, { dry: true });
  expect(await readAll(log)).toEqual(before);
  expect(counts.mentions).toBeGreaterThan(2);
  expect(counts.quarantined).toBe(2);
  const more = eventAbout(ada, 'app_opened');
  expect((await log.appender.append(more, 100)).status).toBe('stored');
  expect(await log.eraser.erase(ada.id)).toEqual({ ...counts, events: counts.events + 1 });
});

test('two concurrent erasures of one user use one pseudonym', async () => {
  const uri = await emptyDatabase();
  const [first, second] = [await openLog(uri), await openLog(uri)];
  const ada = createPerson();
  for (let count = 0; count < 60; count += 1) await appendAll(first.log, [ada]);
  const counts = await Promise.all([first, second].map(({ log }) => log.eraser.erase(ada.id)));
  expect(counts.reduce((sum, { events }) => sum + events, 0)).toBe(480);
  const users = new Set((await readAll(first.log)).map(({ userId }) => userId));
  expect(users.size).toBe(2);
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
});

test('a log with a removed start and a wide gap is searched as fast as any', async () => {
  const uri = await emptyDatabase();
  const ada = createPerson();
  const { collections, close } = await openCollections(uri);
  const first = await openLog(uri);
  await appendAll(first.log, [ada]);
  // A restore needs all servers stopped.
  await first.log.close();
  await declareRestored(collections, { skip: 1_000_000_000, announceMs: 0 });
  await collections.bounds.updateOne({ _id: 'bounds' }, { $set: { removedUpTo: 2 } });
  await collections.events.deleteMany({ position: { $lte: 2 } });
  await close();
  const { log } = await openLog(uri);
  const late = eventAbout(ada, 'app_opened');
  const { position } = await log.appender.append(late, 100);
  expect(position).toBeGreaterThan(1_000_000_000);
  expect(await log.eraser.erase(ada.id)).toMatchObject({ events: 7, mentions: 1 });
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
});
