import mongoose from 'mongoose';
import { LogUnavailableError } from '../errors.ts';

/** What a read brings; a fault of the database is one that clients may read. */
export async function mapDatabaseError<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoError)) throw error;
    throw new LogUnavailableError('The log cannot be read at the moment. Try again shortly.', {
      cause: error,
    });
  }
}
