import mongoose from 'mongoose';
import { LogUnavailableError } from '../errors.ts';
import { isSocketError } from './is-socket-error.ts';

/**
 * Resolves with the result of a read; turns an error of the database into one that clients may see.
 */
export async function mapDatabaseError<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoError || isSocketError(error))) throw error;
    throw new LogUnavailableError('The log cannot be read at the moment. Try again shortly.', {
      cause: error,
    });
  }
}
