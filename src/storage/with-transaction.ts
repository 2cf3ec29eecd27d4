import mongoose from 'mongoose';
import { LogUnavailableError } from '../errors.ts';
import { DURABLE } from './concerns.ts';

const { MongoNetworkError, MongoServerSelectionError } = mongoose.mongo;

export type ClientSession = mongoose.mongo.ClientSession;

/**
 * Runs work in a transaction, majority-durable, with the driver's `withTransaction`: for two minutes
 * write conflicts are retried, and so is a commit with an unknown outcome. A process that dies in a
 * transaction leaves it open for one minute (MongoDB, `transactionLifetimeLimitSeconds`).
 *
 * The driver would also repeat the work while the database is unavailable; here it fails at once,
 * since the callers have their own delays.
 *
 * @throws LogUnavailableError, MongoError, and errors of the work
 */
export function withTransaction<T>(
  client: mongoose.mongo.MongoClient,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  return client.withSession((session) =>
    session.withTransaction(() => work(session).catch(giveUp), { writeConcern: DURABLE }),
  );
}

function giveUp(error: unknown): never {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) {
    throw new LogUnavailableError('The database cannot be reached. Try again shortly.', {
      cause: error,
    });
  }
  throw error;
}
