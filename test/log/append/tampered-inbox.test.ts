import { expect, onTestFinished, test, vi } from 'vitest';
import { isInboxDocument, toInboxDocument } from '../../../src/log/append/inbox-document.ts';
import { inspectDatabase } from '../../../src/storage/inspect-database.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { newEvent } from '../new-event.ts';
import { appendAndFind, emptyDatabase, openLog } from '../open-logs.ts';
import { holdLease } from './hold-lease.ts';

/** A database as someone with its shell sees it. */
async function openShell() {
  const uri = await emptyDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  return { uri, collections };
}

test('an invalid inbox document stays there and blocks no entry', async () => {
  const { uri, collections } = await openShell();
  const { inbox } = collections;
  const { _id, ...members } = toInboxDocument(newEvent());
  const harmful = [
    { _id: 'text', ...members },
    { _id: 7 },
    { _id },
    { ...toInboxDocument(newEvent()), receivedAt: 'yesterday' },
    { ...toInboxDocument(newEvent()), userId: { $ne: null } },
    { ...toInboxDocument(newEvent()), typeName: { name: 'a' } },
    { ...toInboxDocument(newEvent()), occurredText: 5 },
    { ...toInboxDocument(newEvent()), installationId: 'none' },
    { ...toInboxDocument(newEvent()), extra: [] },
    { ...toInboxDocument(newEvent()), original: 'text' },
    ...['none', [], new Date(), /x/, _id].map((payload) => ({
      ...toInboxDocument(newEvent()),
      payload,
    })),
  ];
  await inbox.insertMany(harmful as never);
  const good = newEvent();
  // Counts of redeliveries belong to the log.
  await inbox.insertOne({ ...toInboxDocument(good), repeats: 'x', lastRepeatedAt: 5 } as never);
  const { log, published, until } = await openLog(uri);
  // The holder has listed them; this one reaches it by the change stream.
  await inbox.insertMany([{ ...members, _id: 'later' }, toInboxDocument(newEvent())] as never);
  expect(log.writer().isHolder).toBe(true);
  await appendAndFind(log, newEvent());
  await until(3);
  expect(published[0]?.digest).toEqual(good.digest);
  expect(published[0]?.repeats).toBeUndefined();
  while ((await inbox.countDocuments()) > harmful.length + 1) await log.tailer.catchUp();
  // The alert EventlineInboxStuck goes by it.
  await waitUntil(() => log.writer().inboxAgeMs > 0);
  expect(await inspectDatabase(uri)).toContainEqual(
    expect.objectContaining({ check: 'inbox', level: 'warn' }),
  );
});

test('an entry whose digest the log already holds adds no second event', async () => {
  const { uri, collections } = await openShell();
  const { log, published, until } = await openLog(uri);
  const first = newEvent();
  await appendAndFind(log, first);
  const forged = { ...toInboxDocument(newEvent()), _id: toInboxDocument(first)._id };
  await collections.inbox.insertOne(forged);
  while ((await collections.inbox.countDocuments()) > 0) await log.tailer.catchUp();
  await appendAndFind(log, newEvent());
  await until(2);
  expect(published.map(({ payload }) => payload)[0]).toEqual(first.payload);
  expect(await collections.events.countDocuments()).toBe(2);
});

test('a jump of the wall clock blocks no entry', async () => {
  const { uri, collections } = await openShell();
  const release = await holdLease(collections);
  const { log, published, until } = await openLog(uri);
  const startedMs = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const events = [0, -86_400_000, 86_400_000, 0].map((jumpMs, index) => {
    vi.setSystemTime(startedMs + jumpMs + index);
    return { ...newEvent(), receivedAt: new Date() };
  });
  for (const [index, event] of events.entries()) {
    vi.setSystemTime(startedMs + (index % 2 === 0 ? 1 : -1) * 86_400_000);
    expect((await log.appender.append(event, 100)).status).toBe('stored');
  }
  await release();
  await until(events.length);
  expect(published.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  const digests = (some: readonly { digest: Buffer }[]) =>
    some.map(({ digest }) => digest.toString('hex')).sort();
  expect(digests(published)).toEqual(digests(events));
  // It holds the lease by now, whatever the wall clock says.
  expect(await appendAndFind(log, newEvent())).toMatchObject({ position: 5 });
});

test('an instant beyond those of JavaScript makes no entry', () => {
  const entry = toInboxDocument(newEvent());
  expect(isInboxDocument(entry)).toBe(true);
  expect(isInboxDocument({ ...entry, occurredOn: new Date(Number.NaN) })).toBe(false);
});
