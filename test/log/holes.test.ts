import { expect, onTestFinished, test } from 'vitest';
import { declareRestored } from '../../src/log/declare-restored.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { inspectDatabase } from '../../src/storage/inspect-database.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { upTo } from '../feed/open-feed.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { newEvent } from './new-event.ts';
import { appendAndFind, emptyDatabase, openLog } from './open-logs.ts';

/** A log of this many events, with the shell of its database. */
async function writeLog(count: number) {
  const uri = await emptyDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const { events } = collections;
  const insert = (position: number) =>
    events.insertOne({ ...toDocument(newEvent(), position), bell: true });
  for (const position of upTo(count)) await insert(position);
  const found = async () => (await inspectDatabase(uri)).find(({ check }) => check === 'log');
  return { uri, collections, insert, found };
}

const HOLE = /no event at position 4, but later ones/;

test('a server does not start before a hole, which it would fill', async () => {
  const { uri, collections, found } = await writeLog(5);
  expect(await found()).toMatchObject({ level: 'ok', says: '5 events, without a hole' });
  await collections.events.deleteOne({ position: 4 });
  await expect(openLog(uri)).rejects.toThrow(HOLE);
  expect(await found()).toMatchObject({
    level: 'fail',
    says: '5 positions up to 5 must have an event, 4 have one',
    todo: expect.stringContaining('eventline restored'),
  });

  await declareRestored(collections, { skip: 10, announceMs: 0 });
  const { log } = await openLog(uri);
  expect(await appendAndFind(log, newEvent())).toMatchObject({ position: 16 });
  expect(await found()).toMatchObject({ level: 'ok', says: '5 events, without a hole' });
});

test('a lost watermark of retention is noticed at the start', async () => {
  const { uri, collections } = await writeLog(5);
  await collections.events.deleteMany({ position: { $lte: 3 } });
  await collections.bounds.insertOne({ _id: 'bounds', removedUpTo: 3 });
  await (await openLog(uri)).log.close();
  await collections.bounds.deleteOne({ _id: 'bounds' });
  await expect(openLog(uri)).rejects.toThrow(/no event at position 1, but later ones/);
});

test('a running server appends nothing into a hole, says so, and recovers', async () => {
  const { uri, collections, insert } = await writeLog(3);
  const { log, published, until } = await openLog(uri);
  await insert(5);
  await waitUntil(async () => !log.tailer.state().following);
  expect(log.tailer.state().error).toMatchObject({ message: expect.stringMatching(HOLE) });
  await expect(log.appender.append(newEvent(), 100)).rejects.toThrow(HOLE);
  expect(await collections.events.countDocuments()).toBe(4);

  await declareRestored(collections, { skip: 10, announceMs: 0 });
  await until(5);
  expect(await appendAndFind(log, newEvent())).toMatchObject({ position: 16 });
  expect(published.map(({ position }) => position)).toEqual([5, 16]);
});

test('a log that is shorter than its projections has lost events', async () => {
  const { uri, collections, found } = await writeLog(5);
  await collections.views.insertOne({ _id: 'views', foldedUpTo: 5 });
  expect(await found()).toMatchObject({ level: 'ok' });
  await collections.events.deleteOne({ position: 5 });
  expect(await found()).toMatchObject({
    level: 'fail',
    says: 'the log ends at position 4, but the lists contain position 5',
  });
  await expect(openLog(uri)).rejects.toThrow(
    /the lists contain position 5: published events were lost/,
  );
});

test('an event at a position that is no integer is passed over', async () => {
  const { uri, collections } = await writeLog(3);
  const { log } = await openLog(uri);
  for (const position of [1.5, -1, Number.NaN, 'two']) {
    await collections.events.insertOne({ ...toDocument(newEvent(), 0), position } as never);
  }
  const { events } = await log.reader.read({ after: 0, upTo: 3 }, { limit: 10 });
  expect(events.map(({ position }) => position)).toEqual([1, 2, 3]);
});
