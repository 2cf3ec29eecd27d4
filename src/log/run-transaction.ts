import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { ClientSession } from './models.ts';

/** How often work that has met another writer is done again, and the longest pause before, in ms. */
const MAX_TRIES = 20;
const PAUSE_MS = 50;

/**
 * Does all of some work or nothing, durable on a majority. Work that meets another writer is done
 * again. Unlike the driver's own `withTransaction`, which goes on for two minutes, it gives up when
 * the database is away: then it may have been done all the same.
 *
 * @throws MongoError, and what the work throws
 */
export async function runTransaction<T>(
  client: mongoose.mongo.MongoClient,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
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
      if (tries >= MAX_TRIES || !isConflict(error)) throw error;
    } finally {
      await session.endSession();
    }
    await wait(randomInt(PAUSE_MS * tries));
  }
}

function isConflict(error: unknown): boolean {
  const { MongoServerError } = mongoose.mongo;
  return error instanceof MongoServerError && error.hasErrorLabel('TransientTransactionError');
}
