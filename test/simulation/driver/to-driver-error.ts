import mongoose from 'mongoose';
import type { Reply } from '../commands/server-error.ts';

const { MongoNetworkError, MongoServerError, MongoServerSelectionError, MongoWriteConcernError } =
  mongoose.mongo;

/** The error that the driver throws for a reply; undefined for one that is right. */
export function toDriverError(reply: Reply): mongoose.mongo.MongoServerError | undefined {
  if (reply.ok === 0) return new MongoServerError(reply as never);
  if (reply.writeConcernError) return new MongoWriteConcernError(reply as never);
  return undefined;
}

/** The same for a single write, of which the driver throws its write error. */
export function toWriteError(reply: Reply): mongoose.mongo.MongoServerError | undefined {
  const [failed] = reply.writeErrors ?? [];
  return failed ? new MongoServerError(failed as never) : toDriverError(reply);
}

/** A connection that ended before the answer came. */
export function connectionClosed(member: string): mongoose.mongo.MongoNetworkError {
  return new MongoNetworkError(`connection to ${member} closed`);
}

/** No primary was known in time (`serverSelectionTimeoutMS`). */
export function noServerSelected(): mongoose.mongo.MongoServerSelectionError {
  return new MongoServerSelectionError('Server selection timed out', {} as never);
}
