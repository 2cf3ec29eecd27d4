import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { event, positionsOf, withSet } from './with-set.ts';

const { MongoBulkWriteError } = mongoose.mongo;

test('an ordered insert keeps the documents before a duplicate, and names the index in its message', () =>
  withSet(async ({ events, settle }) => {
    await settle(events.insertMany([event(1), event(2)]));
    const error = await settle(
      events.insertMany([event(3), { _id: 'other', position: 2 }, event(4)]).catch((e) => e),
    );
    expect(error).toBeInstanceOf(MongoBulkWriteError);
    expect(error.code).toBe(11_000);
    expect(error.writeErrors[0].index).toBe(1);
    expect(error.writeErrors[0].errmsg).toMatch(/index: position_1 dup key/);
    expect(error.writeErrors[0].err.keyPattern).toBeUndefined();
    expect(error.result.getWriteConcernError()).toBeUndefined();
    const found = await settle(events.find({}, { sort: { position: 1 } }).toArray());
    expect(positionsOf(found)).toEqual([1, 2, 3]);
  }));

test('an unordered insert stores all documents but the duplicates', () =>
  withSet(async ({ events, settle }) => {
    await settle(events.insertMany([event(1)]));
    const error = await settle(
      events.insertMany([event(1), event(2), event(2)], { ordered: false }).catch((e) => e),
    );
    expect(error.result.insertedCount).toBe(1);
    expect(error.writeErrors.map(({ index }: { index: number }) => index)).toEqual([0, 2]);
  }));

test('a validator refuses each document that does not match, by its code and its place', () =>
  withSet(async ({ client, events, settle, world }) => {
    world.validate('events', { 'payload.refused': { $exists: false } });
    const refused = { ...event(2), payload: { refused: true } };
    const insert = (ordered: boolean, ...documents: object[]) =>
      settle(events.insertMany(documents, { ordered }).catch((e) => e));
    const error = await insert(true, event(1), refused, event(3));
    expect(error).toBeInstanceOf(MongoBulkWriteError);
    expect(error).toMatchObject({ code: 121, message: 'Document failed validation' });
    expect(error.writeErrors[0]).toMatchObject({ code: 121, index: 1 });
    expect(error.writeErrors[0].errInfo).toMatchObject({ failingDocumentId: 'e2' });
    const others = await insert(false, refused, event(3));
    expect(others.writeErrors.map(({ index }: { index: number }) => index)).toEqual([0]);
    const change = { $set: { payload: { refused: true } } };
    const update = await settle(events.updateOne({ _id: 'e1' }, change).catch((e) => e));
    expect(update).toMatchObject({ code: 121 });
    const session = client.startSession();
    session.startTransaction();
    const within = await settle(events.insertOne(refused, { session }).catch((e) => e));
    expect(within).toMatchObject({ code: 121, codeName: 'DocumentValidationFailure' });
    const found = await settle(events.find({}, { sort: { position: 1 } }).toArray());
    expect(found).toEqual([event(1), event(3)]);
  }));

test('of two transactions on one document the second gets a write conflict', () =>
  withSet(async ({ client, events, settle }) => {
    await settle(events.insertMany([event(1)]));
    const [one, other] = [client.startSession(), client.startSession()];
    one.startTransaction();
    other.startTransaction();
    await settle(events.updateOne({ _id: 'e1' }, { $set: { by: 'one' } }, { session: one }));
    const error = await settle(
      events
        .updateOne({ _id: 'e1' }, { $set: { by: 'other' } }, { session: other })
        .catch((e) => e),
    );
    expect(error.code).toBe(112);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    expect(await settle(events.findOne({ _id: 'e1' }))).toEqual(event(1));
    await settle(one.commitTransaction());
    expect(await settle(events.findOne({ _id: 'e1' }))).toEqual({ ...event(1), by: 'one' });
  }));

test('a session repeats work that meets a write conflict', () =>
  withSet(async ({ client, events, settle }) => {
    await settle(events.insertMany([event(1)]));
    const other = client.startSession();
    other.startTransaction();
    await settle(events.updateOne({ _id: 'e1' }, { $inc: { n: 1 } }, { session: other }));
    let attempts = 0;
    await settle(
      client.withSession((session) =>
        session.withTransaction(async () => {
          attempts += 1;
          if (attempts === 2) await other.commitTransaction();
          await events.updateOne({ _id: 'e1' }, { $inc: { n: 1 } }, { session });
        }),
      ),
    );
    expect(attempts).toBeGreaterThan(1);
    expect(await settle(events.findOne({ _id: 'e1' }))).toEqual({ ...event(1), n: 2 });
  }));

test('a transaction moves a unique key from one document to another', () =>
  withSet(async ({ client, events, settle }) => {
    await settle(events.insertMany([event(1), event(2)]));
    const session = client.startSession();
    session.startTransaction();
    await settle(events.deleteMany({ _id: { $in: ['e1'] } }, { session }));
    await settle(events.insertMany([{ _id: 'new', position: 1 }], { session }));
    expect(await settle(events.find({ position: 1 }, { session }).toArray())).toEqual([
      { _id: 'new', position: 1 },
    ]);
    expect(await settle(events.find({ position: 1 }).toArray())).toEqual([event(1)]);
    await settle(session.commitTransaction());
    expect(await settle(events.find({ position: 1 }).toArray())).toEqual([
      { _id: 'new', position: 1 },
    ]);
  }));

test('a transaction on a primary that steps down is lost', () =>
  withSet(async ({ client, events, primary, settle, world }) => {
    const session = client.startSession();
    session.startTransaction();
    await settle(events.insertMany([event(1)], { session }));
    world.elections.stepDown(primary, 'test');
    await world.time.until(() => world.primary() !== undefined, 60_000);
    await world.time.advance(1_000);
    const error = await settle(session.commitTransaction().catch((e) => e));
    expect(error.code).toBe(251);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
  }));

test('two updates of one counter both count, and an upsert inserts once', () =>
  withSet(async ({ events, settle }) => {
    await settle(
      Promise.all([
        events.updateOne({ _id: 'n' }, { $inc: { n: 1 } }, { upsert: true }),
        events.updateOne({ _id: 'n' }, { $inc: { n: 1 } }, { upsert: true }),
      ]),
    );
    const after = await settle(
      events.findOneAndUpdate(
        { _id: 'n' },
        { $inc: { n: 1 }, $max: { top: 5 } },
        { returnDocument: 'after' },
      ),
    );
    expect(after).toEqual({ _id: 'n', n: 3, top: 5 });
  }));

test('an update that changes nothing writes no entry', () =>
  withSet(async ({ events, primary, settle }) => {
    const seen = { _id: 'e1', seenAt: new Date(2_000), names: ['one'] };
    await settle(events.insertOne(seen));
    const { length } = primary.log;
    for (const change of [{ $max: { seenAt: new Date(2_000) } }, { $addToSet: { names: 'one' } }]) {
      const result = await settle(events.updateOne({ _id: 'e1' }, change));
      expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
    }
    expect(primary.log).toHaveLength(length);
  }));
