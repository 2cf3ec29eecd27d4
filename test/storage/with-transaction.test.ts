import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.ts';
import { freshDatabase } from '../utils/database.ts';

const { MongoNetworkError } = mongoose.mongo;
const _id = 'writer';

async function openWriter() {
  const { collections, close } = await openStorage((await freshDatabase()).uri);
  onTestFinished(close);
  const { writer, transaction } = collections;
  await writer.insertOne({ _id, holder: null, counter: 0 });
  return { writer, transaction };
}

test('work that meets a write conflict is repeated until it is committed', async () => {
  const { writer, transaction } = await openWriter();
  const add = { $inc: { counter: 1 } };
  let attempts = 0;
  await Promise.all(
    Array.from({ length: 5 }, () =>
      transaction(async (session) => {
        attempts += 1;
        // Every transaction has read before the first one writes.
        await writer.findOne({ _id }, { session });
        await writer.updateOne({ _id }, add, { session });
      }),
    ),
  );
  expect(await writer.findOne({ _id })).toMatchObject({ counter: 5 });
  expect(attempts).toBeGreaterThan(5);
});

test('while the database is unavailable the work fails at once, and nothing is written', async () => {
  const { writer, transaction } = await openWriter();
  let attempts = 0;
  const work = transaction(async (session) => {
    attempts += 1;
    await writer.updateOne({ _id }, { $inc: { counter: 1 } }, { session });
    const error = new MongoNetworkError('the connection ended');
    error.addErrorLabel('TransientTransactionError');
    throw error;
  });
  await expect(work).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(attempts).toBe(1);
  expect(await writer.findOne({ _id })).toMatchObject({ counter: 0 });
});

test('work may end its transaction without a change', async () => {
  const { writer, transaction } = await openWriter();
  const result = await transaction(async (session) => {
    await writer.updateOne({ _id }, { $inc: { counter: 1 } }, { session });
    await session.abortTransaction();
    return 'unchanged';
  });
  expect(result).toBe('unchanged');
  expect(await writer.findOne({ _id })).toMatchObject({ counter: 0 });
});
