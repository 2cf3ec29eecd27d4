import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import { DURABLE } from './concerns.ts';

/**
 * How long a transaction with write conflicts is retried, in milliseconds. A process that dies in a
 * transaction leaves it open for a minute (MongoDB, `transactionLifetimeLimitSeconds`).
 */
const TIMEOUT_MS = 90_000;
/** Upper bounds of the first delay and of any delay between retries, in milliseconds. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export type ClientSession = mongoose.mongo.ClientSession;

/**
 * Runs work in a transaction, majority-durable. Write conflicts are retried. Unlike the driver's
 * `withTransaction`, which retries for two minutes, it gives up when the database is unavailable;
 * the transaction may have been committed nevertheless.
 *
 * @throws MongoError, and errors of the work
 */
export async function withTransaction<T>(
  client: mongoose.mongo.MongoClient,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const endMs = performance.now() + TIMEOUT_MS;
  for (let tries = 1; ; tries += 1) {
    const session = client.startSession();
    try {
      session.startTransaction({ writeConcern: DURABLE });
      const result = await work(session);
      // The work may have ended the transaction without a change.
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
