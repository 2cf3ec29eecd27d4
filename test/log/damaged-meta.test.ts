import mongoose from 'mongoose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLogIn } from '../../src/log/log.ts';
import { beginErasure } from '../../src/log/state/begin-erasure.ts';
import { createLogState } from '../../src/log/state/log-state.ts';
import { inspectDatabase } from '../../src/storage/inspect-database.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { newEvent } from './new-event.ts';
import { appendAndFind, emptyDatabase, openLog } from './open-logs.ts';

const { Binary } = mongoose.mongo;

/** A log with an event and an erased user, with the shell of its database. */
async function openShell() {
  const uri = await emptyDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const opened = await openLog(uri);
  await appendAndFind(opened.log, newEvent());
  await beginErasure(collections, 'somebody');
  const inspected = async () => (await inspectDatabase(uri)).find(({ check }) => check === 'log');
  return { uri, collections, opened, inspected };
}

const cases: [id: string, changed: object, problem: string][] = [
  ['log', { formatVersion: 'x' }, 'formatVersion: expected'],
  ['log', { formatVersion: Number.NaN }, 'formatVersion: expected'],
  ['log', { cursorKey: 'x' }, 'cursorKey: expected 16 bytes'],
  ['log', { cursorKey: new Binary(Buffer.alloc(0)) }, 'cursorKey: expected 16 bytes'],
  ['erasures', { epoch: Number.NaN }, 'epoch: expected'],
  ['erasures', { epoch: 'x' }, 'epoch: expected'],
  ['erasures', { epoch: 2 ** 53 }, 'epoch: expected'],
  ['erasures', { epoch: -1 }, 'epoch: expected'],
  ['erasures', { key: 'x' }, 'key: expected 32 bytes'],
  ['bounds', { removedUpTo: Number.NaN }, 'removedUpTo: expected'],
  ['bounds', { removedUpTo: -7 }, 'removedUpTo: expected'],
  ['bounds', { removedUpTo: 'x' }, 'removedUpTo: expected'],
  ['bounds', { deletedUpTo: 0.5 }, 'deletedUpTo: expected'],
  ['bounds', { gaps: 'x' }, 'gaps: expected a list'],
  ['bounds', { gaps: [null] }, 'gaps.0: expected a range'],
  ['bounds', { gaps: [{ after: 5, upTo: 5 }] }, 'gaps.0: expected a range'],
  ['bounds', { gaps: [{ after: 'x', upTo: Number.NaN }] }, 'gaps.0: expected a range'],
  ['bounds', { isClosed: 'no' }, 'isClosed: expected'],
];

test('no server starts with a damaged document, and none is changed', async () => {
  const { uri, collections } = await openShell();
  for (const [id, changed, problem] of cases) {
    const where = { _id: id as 'log' };
    const before = await collections.meta.findOne(where);
    await collections.meta.updateOne(where, { $set: changed }, { upsert: true });
    const start = id === 'log' ? openStorage(uri) : createLogState(collections);
    const named = `The document "${id}" of the collection "meta" cannot be used: ${problem}`;
    await expect(start, `${id} ${problem}`).rejects.toThrow(named);
    expect(await collections.meta.findOne(where)).toMatchObject(changed);
    await collections.meta.deleteOne(where);
    if (before !== null) await collections.meta.insertOne(before);
  }
  await createLogState(collections);
});

test('no server starts with a damaged checkpoint of the lists, and none leaves a timer', async () => {
  const { uri, collections } = await openShell();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  for (const foldedUpTo of ['x', Number.NaN, Number.POSITIVE_INFINITY]) {
    const changed = { $set: { foldedUpTo } } as object;
    await collections.views.updateOne({ _id: 'views' }, changed, { upsert: true });
    const storage = await openStorage(uri);
    await expect(createLogIn(storage, { onEvent: () => undefined })).rejects.toThrow(
      'The document "views" of the collection "meta" cannot be used: foldedUpTo: expected',
    );
    expect(vi.getTimerCount()).toBe(0);
  }
});

test('a running server refuses a damaged document, and recovers with the right one', async () => {
  const { collections, opened, inspected } = await openShell();
  const { log } = opened;
  expect(await inspected()).toMatchObject({ level: 'ok' });
  const epochs = { _id: 'erasures' } as const;
  const { epoch } = (await collections.erasureState.findOne(epochs)) ?? {};
  await collections.erasureState.updateOne(epochs, { $set: { epoch: Number.NaN } });
  await waitUntil(() => !log.tailer.state().following);
  const says = expect.stringContaining('"erasures" of the collection "meta" cannot be used: epoch');
  expect(log.tailer.state().error).toMatchObject({ message: says });
  expect(await inspected()).toMatchObject({ level: 'fail', says });
  await collections.erasureState.updateOne(epochs, { $set: { epoch: epoch ?? 0 } });
  await waitUntil(() => log.tailer.state().following);
  expect(await appendAndFind(log, newEvent())).toMatchObject({ position: 2 });
});

test('a log without its identity is not given a new one', async () => {
  const { uri, collections, opened, inspected } = await openShell();
  await opened.log.close();
  const before = await collections.meta.findOne({ _id: 'log' });
  await collections.meta.deleteOne({ _id: 'log' });
  await expect(openStorage(uri)).rejects.toThrow('"log" of the collection "meta" cannot be used');
  expect(await inspected()).toMatchObject({ level: 'fail' });
  if (before !== null) await collections.meta.insertOne(before);
  await (await openStorage(uri)).close();
});

test('erased users without their key are not accepted again', async () => {
  const { collections, inspected } = await openShell();
  await collections.erasureState.deleteOne({ _id: 'erasures' });
  const lost = '"erasures" of the collection "meta" cannot be used: it is missing';
  await expect(createLogState(collections)).rejects.toThrow(lost);
  await expect(beginErasure(collections, 'another')).rejects.toThrow(lost);
  expect(await inspected()).toMatchObject({ level: 'fail', says: expect.stringContaining(lost) });
});
