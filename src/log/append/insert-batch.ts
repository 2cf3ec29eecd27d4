import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import type { EventDocument } from '../../storage/documents.ts';
import { isDuplicateKey } from '../../storage/duplicate-key.ts';
import { toDocument } from '../../storage/event-document.ts';
import type { Collection } from '../../storage/models.ts';

/** How long the majority may take before the batch counts as not durable. */
const MAJORITY_TIMEOUT_MS = 10_000;
/** Of a small insert others are told of each event; of a larger one of every so many, and the last. */
const SMALL_INSERT = 8;
const BELL_EVERY = 32;
/**
 * BadValue, TypeMismatch, Overflow (nested too deep), InvalidBSON, DollarPrefixedFieldName,
 * DocumentValidationFailure, BSONObjectTooLarge.
 * Source: MongoDB, src/mongo/base/error_codes.yml.
 */
const REFUSALS: ReadonlySet<number> = new Set([2, 14, 15, 22, 52, 121, 10_334]);

/**
 * What one ordered insert came to: `stored` events of the front lie in the log, in order. `refused`
 * means that one of the others can never be stored, the very next one if any were stored before it.
 */
export type InsertOutcome =
  | { kind: 'all' }
  | { kind: 'repeat'; stored: number }
  | { kind: 'race-lost'; stored: number }
  | { kind: 'refused'; stored: number; error: unknown }
  | { kind: 'unclear'; error: unknown };

/**
 * Inserts events at consecutive positions, in order, durable on a majority.
 *
 * The order makes the log dense: position n is only ever written after n − 1, by this batch or by
 * whoever wrote the head that it starts from. A duplicate key tells the rest apart by its index:
 * on `position` another writer was first, on `_id` the event is a repeat.
 */
export async function insertBatch(
  collection: Collection<EventDocument>,
  events: readonly NewEvent[],
  firstPosition: number,
): Promise<InsertOutcome> {
  try {
    await collection.insertMany(toDocuments(events, firstPosition), {
      ordered: true,
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_TIMEOUT_MS },
    });
    return { kind: 'all' };
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) {
      return isRefusal(error) ? { kind: 'refused', stored: 0, error } : { kind: 'unclear', error };
    }
    const [failed] = [error.writeErrors].flat();
    // What stood before the failing document is stored, but only a clean error says it is durable.
    const durable = error.result.getWriteConcernError() === undefined;
    if (failed === undefined || !durable) return { kind: 'unclear', error };
    if (!isDuplicateKey(failed)) {
      return isRefusal(error)
        ? { kind: 'refused', stored: failed.index, error }
        : { kind: 'unclear', error };
    }
    const kind = duplicateIndex(failed) === 'position' ? 'race-lost' : 'repeat';
    return { kind, stored: failed.index };
  }
}

/**
 * A notification for each event of a full batch costs the database and every process as much as the
 * event itself. Where the last one of an insert is not stored, since it is a repeat, the events
 * before it are found by the next hint or the next poll.
 */
function toDocuments(events: readonly NewEvent[], firstPosition: number): EventDocument[] {
  const last = events.length - 1;
  return events.map((event, index) => {
    const document = toDocument(event, firstPosition + index);
    if (last < SMALL_INSERT || index === last || index % BELL_EVERY === 0) document.bell = true;
    return document;
  });
}

/**
 * True for a no to the document itself, by the driver before sending or by the server. Any other
 * fault may pass, and must not turn a good event away.
 */
export function isRefusal(error: unknown): boolean {
  const { MongoError, MongoInvalidArgumentError, MongoServerError } = mongoose.mongo;
  if (error instanceof MongoServerError) return isRefusalCode(error.code);
  return !(error instanceof MongoError) || error instanceof MongoInvalidArgumentError;
}

/** True for a server's no to a document, by its code. */
export function isRefusalCode(code: unknown): boolean {
  return REFUSALS.has(Number(code));
}

function duplicateIndex(failed: mongoose.mongo.WriteError): '_id' | 'position' {
  const { keyPattern } = failed.err as { keyPattern?: Record<string, unknown> };
  if (keyPattern !== undefined) return 'position' in keyPattern ? 'position' : '_id';
  // SecantusDB names the index in the message only.
  return /index: position_1\b/.test(failed.errmsg ?? '') ? 'position' : '_id';
}
