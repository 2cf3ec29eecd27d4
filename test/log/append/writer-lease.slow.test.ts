import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { leaseTimes } from '../../../src/log/append/writer-lease-step.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { newEvent } from '../new-event.ts';
import { appendAndFind, emptyDatabase, openLog } from '../open-logs.ts';

const TAKEN_FREE = { isHolder: true, takeOvers: { free: 1, expired: 0 } };

async function openDatabase() {
  const uri = await emptyDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  return { uri, collections };
}

test('the first instance takes the lease before it appends, and releases it when it stops', async () => {
  const { uri, collections } = await openDatabase();
  const first = await openLog(uri);
  expect(first.log.writer()).toMatchObject(TAKEN_FREE);
  expect(await first.log.appender.append(newEvent(), 100)).toMatchObject({
    ...{ status: 'stored', position: 1 },
  });
  const second = await openLog(uri);
  const none = { free: 0, expired: 0 };
  expect(second.log.writer()).toMatchObject({ isHolder: false, takeOvers: none });
  await first.log.close();
  expect(await collections.writer.findOne({ _id: 'writer' })).toMatchObject({ holder: null });
  await waitUntil(() => second.log.writer().isHolder);
  expect(second.log.writer()).toMatchObject(TAKEN_FREE);
  expect(await appendAndFind(second.log, newEvent())).toMatchObject({
    ...{ status: 'stored', position: 2 },
  });
});

test.each([
  ['deleted', async ({ writer }: Collections) => writer.deleteOne({ _id: 'writer' })],
  [
    'stolen',
    async ({ writer }: Collections) =>
      writer.replaceOne({ _id: 'writer' }, { holder: 'a thief', counter: 9 }),
  ],
  [
    'malformed',
    async ({ writer }: Collections) =>
      writer.replaceOne({ _id: 'writer' }, { holder: 7, counter: 'x' } as never),
  ],
])(
  'a lease that is %s: the holder steps down, one instance takes it, and nothing is lost',
  async (_, harm) => {
    const { uri, collections } = await openDatabase();
    const logs = [await openLog(uri), await openLog(uri)];
    await harm(collections);
    const results: Promise<{ position: number }>[] = [];
    // Until each delivery has a position: a holder has moved the inbox entries.
    for (let index = 0; index < 40; index += 1) {
      const { log } = logs[index % 2] as (typeof logs)[number];
      results.push(appendAndFind(log, newEvent()));
      await log.tailer.catchUp();
    }
    const positions = (await Promise.all(results)).map(({ position }) => position);
    expect(positions.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  },
);

test('of two holders one loses a race, and continues through the inbox', async () => {
  const { uri } = await openDatabase();
  const first = await openLog(uri);
  // It takes the lease unconditionally; the first holder only notices at its next renewal.
  const second = await openLog(uri, { isSole: true });
  expect([first.log.writer().isHolder, second.log.writer().isHolder]).toEqual([true, true]);
  const sent = Array.from({ length: 60 }, (_, index) =>
    appendAndFind(index % 2 === 0 ? first.log : second.log, newEvent()),
  );
  const positions = (await Promise.all(sent)).map(({ position }) => position);
  expect(positions.sort((one, other) => one - other)).toEqual(
    Array.from({ length: 60 }, (_, index) => index + 1),
  );
});

test('the lease of a dead holder is taken after its timeout', async () => {
  const { uri, collections } = await openDatabase();
  await collections.writer.insertOne({ _id: 'writer', holder: 'a dead one', counter: 4 });
  const startedMs = performance.now();
  const { log } = await openLog(uri);
  // Meanwhile deliveries are acknowledged.
  expect((await log.appender.append(newEvent(), 100)).position).toBeUndefined();
  await waitUntil(() => log.writer().isHolder);
  expect(log.writer().takeOvers).toEqual({ free: 0, expired: 1 });
  expect(performance.now() - startedMs).toBeGreaterThan(leaseTimes.takeOverMs);
  expect(await log.appender.append(newEvent(), 100)).toMatchObject({ status: 'stored' });
  // An instance that can be the only one does not wait for another holder.
  await collections.writer.replaceOne({ _id: 'writer' }, { holder: 'a dead one', counter: 4 });
  await log.close();
  const alone = await openLog(uri, { isSole: true });
  expect((await alone.log.appender.append(newEvent(), 100)).position).toBe(3);
});

/** What someone with the database's shell may leave in the lease document. */
const Long = mongoose.mongo.Long;
const tampered: readonly (readonly [unknown, unknown])[] = [
  ['a dead one', Number.NaN],
  ['a dead one', Long.MAX_VALUE],
  ['a dead one', { toString: 1 }],
  ['a dead one', new Date(0)],
  [{ $gt: '' }, 1],
  [['a', 'b'], Long.MAX_VALUE],
  [undefined, Number.NaN],
];

test('a lease document with any holder and counter is taken', async () => {
  // At the same time, since each is abandoned for some seconds first.
  const takeAll = tampered.map(async ([holder, counter]) => {
    const { uri, collections } = await openDatabase();
    await collections.writer.insertOne({ _id: 'writer', holder, counter } as never);
    const { log } = await openLog(uri);
    await waitUntil(() => log.writer().isHolder);
  });
  await Promise.all(takeAll);
});

type Collections = Awaited<ReturnType<typeof openStorage>>['collections'];
