import { expect, onTestFinished, test } from 'vitest';
import { beginErasure } from '../../../src/log/state/begin-erasure.ts';
import { createLogState } from '../../../src/log/state/log-state.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';

async function openState() {
  const { collections, close } = await openStorage((await freshDatabase()).uri);
  onTestFinished(close);
  return {
    collections,
    logState: await createLogState(collections),
    async announceErasure() {
      await beginErasure(collections, 'somebody');
      await collections.erasureState.updateOne({ _id: 'erasures' }, { $inc: { epoch: 1 } });
    },
    async remove(upTo: number) {
      const update = { $set: { removedUpTo: upTo } };
      await collections.bounds.updateOne({ _id: 'bounds' }, update, { upsert: true });
    },
  };
}

test('a log without watermarks holds every position', async () => {
  const { logState } = await openState();
  expect(await logState.ensureFresh()).toEqual({ removedUpTo: 0, gaps: [], isClosed: false });
  expect(logState.floor()).toBe(0);
  for (const position of [0, 1, 1_000]) {
    expect(logState.following(position)).toBe(position + 1);
    expect(logState.preceding(position)).toBe(position);
  }
  expect(logState.occupied({ after: 3, upTo: 8 })).toEqual([{ after: 3, upTo: 8 }]);
  expect(logState.occupied({ after: 3, upTo: 3 })).toEqual([]);
});

test('a gap is skipped from its edge and from inside', async () => {
  const { collections, logState } = await openState();
  const declaredAt = new Date();
  await collections.bounds.insertOne({
    _id: 'bounds',
    removedUpTo: 7,
    gaps: [
      { after: 10, upTo: 20, declaredAt },
      { after: 21, upTo: 25, declaredAt },
      { after: 25, upTo: 30, declaredAt },
    ],
  });
  const { removedUpTo } = await logState.refresh();
  const following = [8, 9, 10, 15, 19, 20, 21, 29, 30, 31].map(logState.following);
  expect(following).toEqual([9, 10, 21, 21, 21, 21, 31, 31, 31, 32]);
  const preceding = [9, 10, 11, 20, 21, 22, 25, 26, 30, 31].map(logState.preceding);
  expect(preceding).toEqual([9, 10, 10, 10, 21, 21, 21, 21, 21, 31]);
  expect(logState.occupied({ after: 0, upTo: 40 })).toEqual([
    { after: 0, upTo: 10 },
    { after: 20, upTo: 21 },
    { after: 30, upTo: 40 },
  ]);
  expect(logState.occupied({ after: 12, upTo: 21 })).toEqual([{ after: 20, upTo: 21 }]);
  expect(logState.occupied({ after: 12, upTo: 18 })).toEqual([]);
  expect(logState.floor()).toBe(30);
  expect(removedUpTo).toBe(7);
});

test('a new epoch is told once, with its erased users known', async () => {
  const { logState, announceErasure } = await openState();
  const epochs: number[] = [];
  const unlisten = logState.onEpoch(() => epochs.push(logState.epoch()));
  await logState.refresh();
  expect(epochs).toEqual([]);
  await announceErasure();
  await logState.refresh();
  await logState.refresh();
  expect(epochs).toEqual([1]);
  expect(logState.forbids(Buffer.from('{"user_id":"somebody"}'))).toBe(true);
  unlisten();
  await announceErasure();
  await logState.refresh();
  expect(epochs).toEqual([1]);
});

test('a read is repeated until the state stays the same during it', async () => {
  const { logState, announceErasure, remove } = await openState();
  const changes = [() => remove(3), announceErasure, () => remove(3)];
  const seen: [removedUpTo: number, epoch: number][] = [];
  const result = await logState.run(async ({ removedUpTo }) => {
    const run = seen.push([removedUpTo, logState.epoch()]);
    await changes[run - 1]?.();
    await logState.refresh();
    return run;
  });
  expect(seen).toEqual([
    [0, 0],
    [3, 0],
    [3, 1],
  ]);
  expect(result).toBe(3);
});
