import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { toInboxDocument } from '../../src/log/append/inbox-document.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { holdLease } from '../log/append/hold-lease.ts';
import { newEvent } from '../log/new-event.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';
import { readAll } from './read-all.ts';
import { createPerson, eventAbout, someTypes, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

/** A log whose deliveries stay in the inbox until `release`. */
async function logWithInbox() {
  const uri = await emptyDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const release = await holdLease(collections);
  return { uri, collections, release, ...(await openLog(uri, { erasureAnnounceMs: 20 })) };
}

test('an erasure leaves nothing of the user in the inbox, and other entries are moved', async () => {
  const { uri, collections, release, log, until } = await logWithInbox();
  const [ada, bob] = [createPerson(), createPerson()];
  const ofAda = someTypes.map((type) => eventAbout(ada, type));
  const ofBob = someTypes.map((type) => eventAbout(bob, type));
  const naming = newEvent({ asked: { by: ada.id }, user_id: bob.id });
  for (const event of [...ofAda, ...ofBob, naming]) {
    expect((await log.appender.append(event, 100)).position).toBeUndefined();
  }
  expect(await placesOf(uri, tracesOf(ada))).not.toEqual([]);

  const dry = await log.eraser.erase(ada.id, { dry: true });
  const counts = await log.eraser.erase(ada.id);
  expect(counts).toEqual(dry);
  // One of the types has no user: its event is on an installation that only she used.
  expect(counts.events).toBe(ofAda.filter(({ userId }) => userId === ada.id).length);
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  expect(await collections.inbox.countDocuments({ userId: bob.id })).toBe(
    1 + ofBob.filter(({ userId }) => userId === bob.id).length,
  );

  // The log may get the original meanwhile, from a holder that does not know of the erasure.
  const original = new mongoose.mongo.Binary(naming.digest);
  expect(await collections.inbox.countDocuments({ original })).toBe(1);

  // A redelivery is not stored, and nothing of her is moved.
  expect(await log.appender.append(ofAda[0] ?? naming, 100)).toMatchObject({ status: 'erased' });
  await release();
  const left = ofBob.length + 1 + ofAda.filter(({ userId }) => userId === null).length;
  await until(left);
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  const users = new Set((await readAll(log)).map(({ userId }) => userId));
  expect(users).toEqual(new Set([bob.id, null]));
});

test('an entry that the log holds already is erased in both, and is not moved again', async () => {
  const { uri, collections, release, log } = await logWithInbox();
  const [ada, bob] = [createPerson(), createPerson()];
  const events = [
    eventAbout(ada, 'app_opened'),
    newEvent({ asked: { by: ada.id }, user_id: bob.id }),
  ];
  // Moved by a holder that has not deleted them yet.
  await collections.inbox.insertMany(events.map(toInboxDocument));
  await collections.events.insertMany(events.map((event, index) => toDocument(event, index + 1)));
  const dry = await log.eraser.erase(ada.id, { dry: true });
  expect(dry).toMatchObject({ events: 1, mentions: 1 });
  expect(await log.eraser.erase(ada.id)).toEqual(dry);
  await release();
  while ((await collections.inbox.countDocuments()) > 0) await log.tailer.catchUp();
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  expect(await readAll(log)).toHaveLength(2);
});

test("an erased user's entry that was written late is not moved", async () => {
  const { uri, collections, release, log, until } = await logWithInbox();
  const [ada, bob] = [createPerson(), createPerson()];
  await log.eraser.erase(ada.id);
  // Entries of an insert that was sent before the erasure and arrived after it.
  const late = [eventAbout(ada, 'app_opened'), eventAbout(bob, 'app_opened')];
  await collections.inbox.insertMany(late.map(toInboxDocument));
  await release();
  await until(1);
  while ((await collections.inbox.countDocuments()) > 0) await log.tailer.catchUp();
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  expect((await readAll(log)).map(({ userId }) => userId)).toEqual([bob.id]);
});

test.each(['by the erasure', 'by the instance that moves them'])(
  'deliveries that are equal once they are cleaned %s are one event, but keep their positions',
  async (by) => {
    const { uri, collections, release, log, until } = await logWithInbox();
    const [ada, bob] = [createPerson(), createPerson()];
    const saying = (nonce: string, asked: number) =>
      newEvent({ nonce, asked: { by: ada.id, asked }, user_id: bob.id });
    const inLog = [saying('log', 1), saying('log', 2)];
    const waiting = [saying('inbox', 1), saying('inbox', 2)].map(toInboxDocument);
    await collections.events.insertMany(inLog.map((event, index) => toDocument(event, index + 1)));
    if (by === 'by the erasure') await collections.inbox.insertMany(waiting);
    await log.eraser.erase(ada.id);
    if (by !== 'by the erasure') await collections.inbox.insertMany(waiting);
    await release();
    await until(3);
    while ((await collections.inbox.countDocuments()) > 0) await log.tailer.catchUp();
    expect((await readAll(log)).map(({ payload }) => payload.nonce)).toEqual([
      ...['log', 'log', 'inbox'],
    ]);
    // A redelivery of each is known.
    for (const event of [...inLog, saying('inbox', 1), saying('inbox', 2)]) {
      expect(await log.appender.append(event, 100)).toMatchObject({ status: 'duplicate' });
    }
    expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  },
);

test('a document of the inbox that is no event does not stop an erasure', async () => {
  const { uri, collections, log } = await logWithInbox();
  const ada = createPerson();
  const ofUser = { _id: 'a text', userId: ada.id, payload: { user_id: ada.id } };
  await collections.inbox.insertMany([{ _id: 7 }, ofUser] as never);
  expect(await log.eraser.erase(ada.id)).toMatchObject({ events: 0, mentions: 0 });
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  expect(await collections.inbox.countDocuments()).toBe(1);
});
