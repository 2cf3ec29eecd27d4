import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';

/**
 * How long work that has met another writer is done again, in milliseconds. A process that dies in a
 * transaction leaves it open for a minute (MongoDB, `transactionLifetimeLimitSeconds`).
 */
const PATIENCE_MS = 90_000;
/** The longest pause before the first of these tries, and before any. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export type ClientSession = mongoose.mongo.ClientSession;

/**
 * Does all of some work or nothing, durable on a majority. Work that meets another writer is done
 * again. Unlike the driver's own `withTransaction`, which goes on for two minutes, it gives up when
 * the database is away: then it may have been done all the same.
 *
 * @throws MongoError, and what the work throws
 */
export async function withTransaction<T>(
  client: mongoose.mongo.MongoClient,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const endMs = performance.now() + PATIENCE_MS;
  for (let tries = 1; ; tries += 1) {
    const session = client.startSession();
    try {
      session.startTransaction({ writeConcern: { w: 'majority', journal: true } });
      const result = await work(session);
      // The work may have ended it without a change.
      if (session.inTransaction()) await session.commitTransaction();
      return result;
    } catch (error) {
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      if (performance.now() > endMs || !isConflict(error)) throw error;
    } finally {
      await session.endSession();
    }
    await wait(randomInt(Math.min(FIRST_PAUSE_MS * tries, LONGEST_PAUSE_MS)));
  }
}

function isConflict(error: unknown): boolean {
  const { MongoServerError } = mongoose.mongo;
  return error instanceof MongoServerError && error.hasErrorLabel('TransientTransactionError');
}
