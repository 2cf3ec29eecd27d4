import mongoose from 'mongoose';
import type { Reply } from '../commands/server-error.ts';

const { MongoNetworkError, MongoServerError, MongoServerSelectionError, MongoWriteConcernError } =
  mongoose.mongo;

/** The error that the driver throws for a reply; undefined for a successful one. */
export function toDriverError(reply: Reply): mongoose.mongo.MongoServerError | undefined {
  if (reply.ok === 0) return new MongoServerError(reply as never);
  if (reply.writeConcernError) return new MongoWriteConcernError(reply as never);
  return undefined;
}

/** The same for a single write, for which the driver throws the write error. */
export function toWriteError(reply: Reply): mongoose.mongo.MongoServerError | undefined {
  const [failed] = reply.writeErrors ?? [];
  return failed ? new MongoServerError(failed as never) : toDriverError(reply);
}

/** The error of a connection that ended before the reply. */
export function connectionClosed(member: string): mongoose.mongo.MongoNetworkError {
  return new MongoNetworkError(`connection to ${member} closed`);
}

/** The error when no primary is known in time (`serverSelectionTimeoutMS`). */
export function noServerSelected(): mongoose.mongo.MongoServerSelectionError {
  return new MongoServerSelectionError('Server selection timed out', {} as never);
}
