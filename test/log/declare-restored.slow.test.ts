import { expect, onTestFinished, test } from 'vitest';
import { createFeed } from '../../src/feed/feed.ts';
import { toInboxDocument } from '../../src/log/append/inbox-document.ts';
import { declareRestored } from '../../src/log/declare-restored.ts';
import { createStoredCounter } from '../../src/log/read/count-stored-since.ts';
import { createLogReader } from '../../src/log/read/log-reader.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { openStorage as openDatabase } from '../../src/storage/open-storage.ts';
import { take, upTo } from '../feed/open-feed.ts';
import { freshDatabase } from '../utils/database.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { newEvent } from './new-event.ts';
import { openLog } from './open-logs.ts';
import { watchFinds } from './watch-finds.ts';

const HOUR_MS = 60 * 60 * 1_000;

/** Creates a log of this many events, and functions that change it like a restore. */
async function writeLog(count: number) {
  const { uri } = await freshDatabase();
  const { collections, close } = await openDatabase(uri);
  onTestFinished(close);
  const write = (positions: readonly number[]) =>
    collections.events.insertMany(positions.map((position) => toDocument(newEvent(), position)));
  await write(upTo(count));
  return {
    uri,
    collections,
    write,
    restoreTo: (position: number) => collections.events.deleteMany({ position: { $gt: position } }),
  };
}

const allPositions = async (uri: string) => {
  const { log } = await openLog(uri);
  const span = { after: 0, upTo: log.tailer.head() };
  const { events } = await log.reader.read(span, { limit: 1_000 });
  return events.map(({ position }) => position);
};

test('positions after a restore were never used before', async () => {
  const { uri, collections, restoreTo } = await writeLog(30);
  const before = await openLog(uri);
  const cursor = before.log.cursors.encode(25);
  await before.log.close();
  await restoreTo(20);
  expect(await declareRestored(collections, { skip: 1_000, announceMs: 0 })).toEqual({
    head: 20,
    upTo: 1_020,
  });

  const { log, until } = await openLog(uri);
  // A reader of the lost events misses none of the new ones.
  const { reader, tailer, expired } = log;
  const feed = createFeed({ reader, head: tailer.head, expired });
  const seenMore = feed.subscribe({}, await log.positionOf(cursor));
  const seenLess = feed.subscribe({}, 15);
  const next = newEvent();
  expect(await log.appender.append(next, 100)).toEqual({
    status: 'stored',
    position: 1_021,
    digest: next.digest,
  });
  await log.appender.append(newEvent(), 100);
  await until(1_022);
  expect(await take(seenMore, 2)).toEqual([1_021, 1_022]);
  expect(await take(seenLess, 7)).toEqual([...upTo(20, 15), 1_021, 1_022]);
  expect(await allPositions(uri)).toEqual([...upTo(20), 1_021, 1_022]);
  const back = await log.reader.read(
    { after: 0, upTo: 1_022 },
    { limit: 4, direction: 'backward' },
  );
  expect(back.events.map(({ position }) => position)).toEqual([19, 20, 1_021, 1_022]);
});

test('a running server refuses to append after missing events, then recovers by itself', async () => {
  const { uri, collections, restoreTo } = await writeLog(30);
  const { log, until } = await openLog(uri);
  await restoreTo(20);
  await expect(log.tailer.catchUp()).rejects.toThrow('restored from a backup');
  // Sets the state that its next poll would find.
  const stateOf = (following: boolean) =>
    waitUntil(async () => {
      await log.tailer.catchUp().catch(() => undefined);
      return log.tailer.state().following === following;
    });
  await stateOf(false);
  await expect(log.appender.append(newEvent(), 100)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  expect(await collections.events.countDocuments()).toBe(20);

  await declareRestored(collections, { skip: 1_000, announceMs: 0 });
  await stateOf(true);
  expect(await log.appender.append(newEvent(), 100)).toMatchObject({ position: 1_021 });
  await until(1_021);
});

test('an append in flight during the restore leaves no hole', async () => {
  const { uri, collections, restoreTo } = await writeLog(20);
  const proxy = await startDatabaseProxy(uri);
  const { log } = await openLog(proxy.uri);
  const held = proxy.hold('insert');
  const append = log.appender.append(newEvent(), 100);
  const refused = expect(append).rejects.toThrow('restored from a backup');
  await held;
  proxy.cut();
  await restoreTo(5);
  proxy.restore();
  await refused;
  expect(await collections.events.countDocuments()).toBe(5);
  // Later events are refused too.
  await expect(log.appender.append(newEvent(), 100)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  expect(await collections.events.countDocuments()).toBe(5);
  await log.close();
  await proxy.close();
});

test('nothing is appended on any server while a restore is being declared', async () => {
  const { uri, collections } = await writeLog(3);
  const { log } = await openLog(uri);
  const told = new AbortController();
  const declared = declareRestored(collections, {
    skip: 10,
    announceMs: HOUR_MS,
    signal: told.signal,
  });
  const brokenOff = expect(declared).rejects.toThrow(/abort/i);
  const isClosed = async () => (await collections.bounds.findOne({ _id: 'bounds' }))?.isClosed;
  await waitUntil(async () => (await isClosed()) === true);
  await log.tailer.catchUp();
  await expect(log.appender.append(newEvent(), 100)).rejects.toThrow('run it again');
  told.abort();
  await brokenOff;
  // An interrupted declaration blocks appends until it is completed.
  await expect(log.appender.append(newEvent(), 100)).rejects.toThrow('run it again');
  expect(await declareRestored(collections, { skip: 10, announceMs: 0 })).toEqual({
    head: 3,
    upTo: 13,
  });
  await log.tailer.catchUp();
  expect(await log.appender.append(newEvent(), 100)).toMatchObject({ position: 14 });
});

test('events that a server appended before it noticed keep their positions', async () => {
  const { uri, collections, restoreTo, write } = await writeLog(30);
  await restoreTo(20);
  await write([31, 32, 34]);
  expect(await declareRestored(collections, { skip: 10, announceMs: 0 })).toEqual({
    head: 20,
    upTo: 44,
  });
  expect((await collections.bounds.findOne({ _id: 'bounds' }))?.gaps).toMatchObject([
    { after: 20, upTo: 30 },
    { after: 32, upTo: 33 },
    { after: 34, upTo: 44 },
  ]);
  const { log, until } = await openLog(uri);
  await log.appender.append(newEvent(), 100);
  await until(45);
  expect(await allPositions(uri)).toEqual([...upTo(20), 31, 32, 34, 45]);
});

test('repeated restores work, also on an empty log', async () => {
  const { uri, collections, restoreTo } = await writeLog(1);
  await restoreTo(0);
  expect(await declareRestored(collections, { skip: 5, announceMs: 0 })).toEqual({
    head: 0,
    upTo: 5,
  });
  const { log } = await openLog(uri);
  expect(await log.appender.append(newEvent(), 100)).toMatchObject({ position: 6 });
  // A declaration without waiting must not meet a running server.
  await log.close();
  await restoreTo(0);
  expect(await declareRestored(collections, { skip: 1_000_000_000, announceMs: 0 })).toMatchObject({
    upTo: 1_000_000_005,
  });
  const { log: other } = await openLog(uri);
  expect(await other.appender.append(newEvent(), 100)).toMatchObject({ position: 1_000_000_006 });
  await expect(declareRestored(collections, { skip: 2 ** 48, announceMs: 0 })).rejects.toThrow(
    RangeError,
  );
});

test('what waits in a restored inbox is moved behind the skipped positions, once', async () => {
  const { uri, collections, restoreTo } = await writeLog(3);
  const [moved, waiting] = [newEvent(), newEvent()];
  await collections.events.insertOne(toDocument(moved, 4));
  await collections.inbox.insertMany([moved, waiting].map(toInboxDocument));
  await restoreTo(4);
  await declareRestored(collections, { skip: 10, announceMs: 0 });
  const { published, until } = await openLog(uri);
  await until(15);
  expect(published).toMatchObject([{ digest: waiting.digest, position: 15 }]);
});

test.each([
  ['forward', {}],
  ['backward', {}],
  ['forward', { types: ['app_opened'] }],
  ['backward', { types: ['app_opened'] }],
] as const)(
  'few queries read %s, with the filter %j, over a billion skipped positions',
  async (direction, filter) => {
    const { uri, collections } = await writeLog(30);
    await declareRestored(collections, { skip: 1_000_000_000, announceMs: 0 });
    const { log, until } = await openLog(uri);
    const stored = await log.appender.append(newEvent(), 100);
    const position = 1_000_000_031;
    expect(stored).toMatchObject({ status: 'stored', position });
    await until(position);
    const { watched, sent } = watchFinds(collections.events);
    const reader = createLogReader(watched, log.state);
    const { events } = await reader.read(
      { after: 0, upTo: position },
      { filter, limit: 100, direction },
    );
    if (!('types' in filter)) expect(events.map((event) => event.position).at(-1)).toBe(position);
    expect(events.map((event) => event.position).filter((one) => one > 30).length).toBeLessThan(2);
    expect(sent.length).toBeLessThan(10);
  },
);

test('skipped positions are not counted as stored', async () => {
  const { uri, collections } = await writeLog(30);
  await declareRestored(collections, { skip: 1_000_000_000, announceMs: 0 });
  const { log, until } = await openLog(uri);
  await log.appender.append(newEvent(), 100);
  await until(1_000_000_031);
  const count = createStoredCounter(log.reader, log.tailer.head, log.state.occupied);
  for (let asked = 0; asked < 2; asked += 1) expect(await count(new Date(0))).toBe(31);
});
