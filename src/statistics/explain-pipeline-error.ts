import mongoose from 'mongoose';
import { describeLimit, type Limits } from '../config/limits.ts';
import { EventlineError } from '../errors.ts';

/** Codes of a query that exceeded `maxTimeMS`. Source: error_codes.yml of MongoDB. */
const TIME_IS_UP: ReadonlySet<unknown> = new Set([50, 262]);
/**
 * QueryExceededMemoryLimitNoDiskUseAllowed: small Atlas tiers allow no disk use. Source: the same
 * file.
 */
const NO_DISK = 292;
/** Code for a time zone that `Intl` knows and the database does not. Source: the same file. */
const UNKNOWN_ZONE = 40_485;

const NARROW =
  'Narrow `filter` by types, users, installations or professionals, or count from a cursor on by `after`.';

/** Returns the client's error for a failed pipeline; other errors are returned unchanged. */
export function explainPipelineError(
  error: unknown,
  limits: Pick<Limits, 'statisticsTimeoutMs'>,
): unknown {
  const code = error instanceof mongoose.mongo.MongoServerError ? error.code : undefined;
  const explain = (message: string) =>
    new EventlineError('BAD_USER_INPUT', message, { cause: error });
  if (TIME_IS_UP.has(code)) {
    const most = describeLimit(limits, 'statisticsTimeoutMs');
    return explain(`This took longer than ${most} milliseconds. ${NARROW}`);
  }
  if (code === NO_DISK) return explain(`This needs more memory than the database has. ${NARROW}`);
  if (code === UNKNOWN_ZONE) return explain('timeZone: the database does not know this zone.');
  return error;
}
