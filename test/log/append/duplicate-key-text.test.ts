import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { insertBatch } from '../../../src/log/append/insert-batch.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';

// The bulk API of the driver drops `keyPattern`, so the text alone tells a lost race from a duplicate.
// It also runs on a real replica set (npm run test:mongodb).

async function openEvents() {
  const { collections, close } = await openStorage((await freshDatabase()).uri);
  onTestFinished(close);
  return collections.events;
}

test('the database names the index of a duplicate key in its message', async () => {
  const events = await openEvents();
  const [first, second] = [newEvent(), newEvent()];
  await insertBatch(events, [first], 1);
  const plain = {
    type: 'something_new',
    payload: {},
    occurredOn: new Date(),
    receivedAt: new Date(),
  };
  const messageOf = async (_id: mongoose.mongo.Binary, position: number) => {
    const inserted = events.insertMany([{ ...plain, _id, position } as never], { ordered: true });
    const error = await inserted.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw new Error('no bulk error');
    const [failed] = [error.writeErrors].flat();
    expect(failed?.code).toBe(11_000);
    return failed?.errmsg;
  };
  expect(await messageOf(new mongoose.mongo.Binary(second.digest), 1)).toMatch(
    /^E11000 duplicate key error collection: \S+\.events index: position_1 dup key: /,
  );
  expect(await messageOf(new mongoose.mongo.Binary(first.digest), 2)).toMatch(
    /^E11000 duplicate key error collection: \S+\.events index: _id_ dup key: /,
  );
});

test('a taken position is a lost race, a stored event a duplicate', async () => {
  const events = await openEvents();
  const [first, second] = [newEvent(), newEvent()];
  await insertBatch(events, [first], 1);
  expect(await insertBatch(events, [second], 1)).toEqual({ kind: 'race-lost', stored: 0 });
  expect(await insertBatch(events, [second, first], 2)).toEqual({ kind: 'repeat', stored: 1 });
});
