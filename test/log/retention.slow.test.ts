import { expect, onTestFinished, test, vi } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { createFeed } from '../../src/feed/feed.ts';
import type { LogOptions } from '../../src/log/log.ts';
import { createRetention, removals } from '../../src/log/retention.ts';
import { createLogState } from '../../src/log/state/log-state.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { openStorage as openDatabase } from '../../src/storage/open-storage.ts';
import { take, upTo } from '../feed/open-feed.ts';
import { freshDatabase } from '../utils/database.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { newEvent } from './new-event.ts';
import { type OpenLog, openLog } from './open-logs.ts';

const HOUR_MS = 60 * 60 * 1_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

/** Creates a log whose events were received this many hours ago, in order of position. */
async function writeLog(hours: readonly number[]) {
  const { uri } = await freshDatabase();
  const { collections, close } = await openDatabase(uri);
  onTestFinished(close);
  const events: StoredEvent[] = hours.map((hour, index) => ({
    ...newEvent(),
    receivedAt: ago(hour),
    position: index + 1,
  }));
  const documents = events.map((event) => toDocument(event, event.position));
  if (documents.length > 0) await collections.events.insertMany(documents);
  const stored = async () => {
    const documents = await collections.events.find().sort({ position: 1 }).toArray();
    return documents.map(({ position }) => position);
  };
  return { uri, collections, events, stored };
}

/** Opens a log that keeps events for a day; `removed` resolves after a removal. */
async function keepADay(uri: string, options: Partial<LogOptions['retention'] & object> = {}) {
  let resolve: (outcome: unknown) => void = () => undefined;
  const removed = new Promise<unknown>((onRemoved) => {
    resolve = onRemoved;
  });
  const retention = { keepMs: 24 * HOUR_MS, announceMs: 0, checkMs: 50, ...options };
  onTestFinished(removals.subscribe(resolve));
  const opened = await openLog(uri, { retention });
  return { ...opened, removed };
}

const read = async ({ log }: OpenLog, after = 0) => {
  const span = { after, upTo: log.tailer.head() };
  const { events, from } = await log.reader.read(span, { limit: 1_000 });
  return { positions: events.map(({ position }) => position), from };
};

test('a clock that is ahead removes no event', async () => {
  const { collections, stored } = await writeLog([20, 10, 5, 0]);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 365 * 24 * HOUR_MS });
  onTestFinished(() => void vi.useRealTimers());
  let times = 0;
  const databaseTime = () => {
    times += 1;
    return collections.databaseTime();
  };
  const logState = await createLogState(collections);
  const retention = createRetention({
    ...{ collections: { ...collections, databaseTime }, logState, head: () => 4 },
    ...{ keepMs: 24 * HOUR_MS, checkMs: 1, announceMs: 0 },
  });
  await waitUntil(() => times > 2);
  await retention.close();
  expect(await stored()).toEqual([1, 2, 3, 4]);
});

test('old events are removed in log order, up to the first one to keep', async () => {
  // An event retried from quarantine is older than its neighbours, and waits for them.
  const { uri, stored } = await writeLog([90, 80, 70, 5, 90, 4, 3]);
  const opened = await keepADay(uri);
  expect(await opened.removed).toEqual({ removed: 3, removedUpTo: 3 });
  expect(await stored()).toEqual([4, 5, 6, 7]);
  expect(await read(opened)).toEqual({ positions: [4, 5, 6, 7], from: 3 });
});

test('positions continue after everything was removed; the last event stays', async () => {
  const { uri, stored } = await writeLog([90, 80, 70, 60]);
  const { log, removed } = await keepADay(uri);
  await removed;
  expect(await stored()).toEqual([4]);
  const next = newEvent();
  const { digest } = next;
  expect(await log.appender.append(next, 100)).toEqual({ status: 'stored', position: 5, digest });
  // This also holds for a new instance, and after the log was emptied by hand.
  const other = await openLog(uri);
  expect(other.log.tailer.head()).toBe(5);
});

test('a log emptied behind the watermark reuses no position', async () => {
  const { uri, collections } = await writeLog([90, 80]);
  await collections.bounds.insertOne({ _id: 'bounds', removedUpTo: 2 });
  await collections.events.deleteMany({});
  const { log } = await openLog(uri);
  expect(log.tailer.head()).toBe(2);
  expect(await log.appender.append(newEvent(), 100)).toMatchObject({ position: 3 });
});

test('a redelivery of a kept event is a duplicate, one of a removed event is new', async () => {
  const { uri, events } = await writeLog([90, 80, 2, 1]);
  const { log, removed } = await keepADay(uri);
  await removed;
  const [gone, , kept] = events as [StoredEvent, StoredEvent, StoredEvent];
  expect(await log.appender.append(kept, 100)).toEqual({
    status: 'duplicate',
    position: 3,
    digest: kept.digest,
  });
  expect(await log.appender.append({ ...gone, receivedAt: new Date() }, 100)).toEqual({
    status: 'stored',
    position: 5,
    digest: gone.digest,
  });
});

test('a cursor behind the watermark is refused with the oldest valid one, and the watermark itself is valid', async () => {
  const { uri } = await writeLog([90, 80, 70, 2, 1]);
  const { log, removed } = await keepADay(uri);
  await removed;
  const oldestCursor = log.cursors.encode(3);
  await expect(log.positionOf(log.cursors.encode(2))).rejects.toMatchObject({
    code: 'CURSOR_EXPIRED',
    details: { oldestCursor },
    message: expect.stringContaining(oldestCursor),
  });
  expect(await log.positionOf(oldestCursor)).toBe(3);
});

test('announced events are invisible before they are removed', async () => {
  const { uri, collections, events, stored } = await writeLog([90, 80, 70, 2, 1]);
  await collections.bounds.insertOne({ _id: 'bounds', removedUpTo: 3 });
  const opened = await openLog(uri);
  expect(await stored()).toEqual([1, 2, 3, 4, 5]);
  expect(await read(opened)).toEqual({ positions: [4, 5], from: 3 });
  const [first, , , fourth] = events as StoredEvent[];
  expect(await opened.log.reader.byDigest(first?.digest ?? Buffer.alloc(0))).toBeUndefined();
  expect(await opened.log.reader.byDigest(fourth?.digest ?? Buffer.alloc(0))).toMatchObject({
    position: 4,
  });
});

test('a subscription whose position is removed gets an error, and no later event', async () => {
  const { uri, collections } = await writeLog(upTo(20).map(() => 90));
  const { log } = await openLog(uri);
  const { reader, tailer, expired } = log;
  const feed = createFeed({ reader, head: tailer.head, expired, pageSize: 5 });
  const subscription = feed.subscribe({}, 0);
  expect(await take(subscription, 5)).toEqual(upTo(5));
  await collections.bounds.insertOne({ _id: 'bounds', removedUpTo: 12 });
  await log.tailer.catchUp();
  const later: number[] = [];
  const readOn = async () => {
    while (later.length < 20) later.push(...(await take(subscription, 1)));
  };
  await expect(readOn()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  // Nothing, or what had been read before the removal: one page, without a gap.
  expect(later.length).toBeLessThanOrEqual(5);
  expect(later).toEqual(upTo(5 + later.length, 5));
  expect(feed.size()).toBe(0);
});

test('an interrupted removal resumes, and several instances may remove at once', async () => {
  const { uri, collections, stored } = await writeLog(upTo(2_500).map((n) => (n > 2_300 ? 1 : 90)));
  await collections.bounds.insertOne({ _id: 'bounds', removedUpTo: 1_500, deletedUpTo: 700 });
  await collections.events.deleteMany({ position: { $lte: 900 } });
  const opened = await Promise.all([keepADay(uri), keepADay(uri), keepADay(uri)]);
  await Promise.race(opened.map(({ removed }) => removed));
  // The first instance to finish has verified the whole removal.
  expect(await stored()).toEqual(upTo(2_500, 2_300));
});

test('an older Eventline that does not know watermarks is refused', async () => {
  const { uri, collections } = await writeLog([90, 1]);
  expect(await collections.meta.findOne({ _id: 'log' })).toMatchObject({ formatVersion: 1 });
  await (await keepADay(uri)).removed;
  expect(await collections.meta.findOne({ _id: 'log' })).toMatchObject({ formatVersion: 2 });
});

test('a long quiet reader that then overflows its buffer loses nothing', async () => {
  const { uri, collections } = await writeLog([]);
  const publish: { event?: (event: StoredEvent) => void } = {};
  const { log } = await openLog(uri, { onEvent: (event) => publish.event?.(event) });
  const { reader, tailer, expired } = log;
  const feed = createFeed({ reader, head: tailer.head, expired, capacity: 3, pageSize: 4 });
  publish.event = feed.publish;
  const append = async (count: number, userId: string | null) => {
    for (let sent = 0; sent < count; sent += 1) {
      await log.appender.append({ ...newEvent(), userId }, 100);
    }
  };
  // The subscription's position is the start of the log, since nothing has matched.
  const quiet = feed.subscribe({ userIds: ['quiet'] }, 0);
  await append(20, 'loud');
  await collections.bounds.insertOne({ _id: 'bounds', removedUpTo: 15 });
  await log.tailer.catchUp();
  await append(10, 'quiet');
  await log.tailer.catchUp();
  expect(tailer.head()).toBe(30);
  expect(await take(quiet, 10)).toEqual(upTo(30, 20));
  await quiet.return?.();
});
