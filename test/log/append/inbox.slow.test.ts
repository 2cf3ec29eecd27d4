import { expect, onTestFinished, test } from 'vitest';
import { toInboxDocument } from '../../../src/log/append/inbox-document.ts';
import { FORMAT_WITH_INBOX } from '../../../src/storage/format-version.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { PATIENCE_MS } from '../../utils/patience.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { newEvent } from '../new-event.ts';
import { emptyDatabase, openLog } from '../open-logs.ts';
import { holdLease } from './hold-lease.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** An empty log whose lease the test holds: deliveries stay in the inbox until it is released. */
async function logWithInbox() {
  const uri = await emptyDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  return { uri, collections, release: await holdLease(collections) };
}

/** Resolves when the inbox is empty. */
async function untilEmpty({ inbox }: Awaited<ReturnType<typeof openStorage>>['collections']) {
  while ((await inbox.countDocuments()) > 0) await new Promise(setImmediate);
}

test('without the lease deliveries are acknowledged from the inbox, and moved in order', async () => {
  const { uri, collections, release } = await logWithInbox();
  const { log, published, until } = await openLog(uri);
  const events = upTo(50).map((number) => ({
    ...newEvent({ big: { constructor: [{ a: 1 }], n: -0.5 } }),
    receivedAt: new Date(Date.now() - 1_000 + number),
  }));
  for (const event of events) {
    const { digest } = event;
    expect(await log.appender.append(event, 100)).toEqual({ status: 'stored', digest });
  }
  const again = events[7] ?? newEvent();
  expect(await log.appender.append(again, 100)).toEqual({
    ...{ status: 'duplicate', digest: again.digest },
  });
  expect(await collections.events.countDocuments()).toBe(0);
  expect(await collections.inbox.countDocuments()).toBe(50);
  expect((await collections.meta.findOne({ _id: 'log' }))?.formatVersion).toBe(FORMAT_WITH_INBOX);
  expect(log.writer()).toMatchObject({ isHolder: false });

  await release();
  await until(50);
  expect(published.map(({ digest }) => digest)).toEqual(events.map(({ digest }) => digest));
  expect(published.map(({ payload }) => payload)).toEqual(events.map(({ payload }) => payload));
  expect(published.map(({ receivedAt }) => receivedAt)).toEqual(
    events.map(({ receivedAt }) => receivedAt),
  );
  await untilEmpty(collections);
  expect(await log.appender.append(again, 100)).toEqual({
    ...{ status: 'duplicate', position: 8, digest: again.digest },
  });
});

test('an entry that the log already holds, or that is moved twice, adds no second event', async () => {
  const { uri, collections, release } = await logWithInbox();
  const { log, published, until } = await openLog(uri);
  const [twice, fresh] = [newEvent(), newEvent()];
  await release();
  expect(await log.findPosition(await stored(log, twice), PATIENCE_MS)).toBe(1);
  await untilEmpty(collections);
  await collections.inbox.insertMany([toInboxDocument(twice), toInboxDocument(fresh)]);
  await until(2);
  await untilEmpty(collections);
  expect(published.map(({ digest }) => digest)).toEqual([twice.digest, fresh.digest]);
  expect(await log.tailer.catchUp()).toBe(2);

  async function stored(to: typeof log, event: ReturnType<typeof newEvent>) {
    expect((await to.appender.append(event, 100)).status).toBe('stored');
    return event;
  }
});

test('an entry that the log can never store is quarantined, and the others are moved', async () => {
  const { uri, collections, release } = await logWithInbox();
  const { log, published, until } = await openLog(uri);
  const [poison, good] = [newEvent(), newEvent()];
  // A document that the server accepts and the driver cannot write again.
  const payload = new Map([['a', new Map([['_bsontype', 'x']])]]);
  await collections.inbox.insertMany([
    { ...toInboxDocument(poison), payload: payload as never },
    toInboxDocument(good),
  ]);
  await release();
  await until(1);
  await untilEmpty(collections);
  expect(published.map(({ digest }) => digest)).toEqual([good.digest]);
  const [kept, ...others] = await log.quarantine.list();
  expect(others).toEqual([]);
  expect(kept).toMatchObject({ problem: 'json-not-exact', firstAt: poison.receivedAt });
  const { rawBody } = (await log.quarantine.read(kept?.id ?? '')) ?? {};
  expect(JSON.parse(String(rawBody))).toEqual({
    ...{ type: poison.typeName, occurred_on: poison.occurredText },
    payload: { a: { _bsontype: 'x' } },
  });
});

test('a full inbox refuses deliveries, and accepts them again once it is moved', async () => {
  const { uri, release } = await logWithInbox();
  const { log, until } = await openLog(uri, { maxInboxEvents: 2 });
  await log.appender.append(newEvent(), 100);
  expect(log.appender.full()).toBe(false);
  await log.appender.append(newEvent(), 100);
  expect(log.appender.full()).toBe(true);
  await expect(log.appender.append(newEvent(), 100)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  await release();
  await until(2);
  while (log.appender.full()) await log.tailer.catchUp();
  expect((await log.appender.append(newEvent(), 100)).status).toBe('stored');
});

test('a lost answer of the inbox is looked up, and the entry recognised as this delivery', async () => {
  const { uri, collections } = await logWithInbox();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(proxy.close);
  const { log } = await openLog(proxy.uri);
  const event = newEvent();
  // The insert into this collection, as encoded in the message.
  proxy.loseAnswers('insert\0\x06\0\0\0inbox\0', 1);
  const { digest } = event;
  expect(await log.appender.append(event, 100)).toEqual({ status: 'stored', digest });
  expect(await collections.inbox.countDocuments()).toBe(1);
  // An entry with another time of reception comes from another delivery.
  await collections.inbox.updateOne({}, { $set: { receivedAt: new Date(0) } });
  expect(await log.appender.append(event, 100)).toEqual({ status: 'duplicate', digest });
  await log.close();
});
