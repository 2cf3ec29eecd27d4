import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import { DURABLE } from '../../storage/concerns.ts';
import type { EventDocument } from '../../storage/documents.ts';
import { isDuplicateKey } from '../../storage/duplicate-key.ts';
import { toDocument } from '../../storage/event-document.ts';
import { isSocketError } from '../../storage/is-socket-error.ts';
import type { Collection } from '../../storage/models.ts';

/** An insert of up to 8 events notifies of each; a larger one of every 32nd event and the last. */
const SMALL_INSERT = 8;
const NOTIFY_EVERY = 32;
/**
 * BadValue, TypeMismatch, Overflow (nested too deep), InvalidBSON, DollarPrefixedFieldName,
 * DocumentValidationFailure, BSONObjectTooLarge.
 * Source: MongoDB, src/mongo/base/error_codes.yml.
 */
const REFUSALS: ReadonlySet<number> = new Set([2, 14, 15, 22, 52, 121, 10_334]);

/**
 * The outcome of an ordered insert. `stored` leading events are in the log, in order. `refused`:
 * one of the other events can never be stored; if any were stored, it is the next one.
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
 * The order keeps the log dense: position n is only written after n − 1, by this batch or by the
 * writer of the head it starts from. The index of a duplicate key tells the cause: on `position`
 * another writer was first, on `_id` the event is a duplicate.
 */
export async function insertBatch(
  collection: Collection<EventDocument>,
  events: readonly NewEvent[],
  firstPosition: number,
): Promise<InsertOutcome> {
  try {
    await collection.insertMany(toDocuments(events, firstPosition), {
      ordered: true,
      writeConcern: DURABLE,
    });
    return { kind: 'all' };
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) {
      return isRefusal(error) ? { kind: 'refused', stored: 0, error } : { kind: 'unclear', error };
    }
    const [failed] = [error.writeErrors].flat();
    // Documents before the failed one are stored; they are durable only if the write concern
    // succeeded.
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
 * A notification costs the database and every process as much as the event itself, so a large batch
 * sends few. If the last event of an insert is a duplicate and not stored, the next notification or
 * poll finds the events before it.
 */
function toDocuments(events: readonly NewEvent[], firstPosition: number): EventDocument[] {
  const last = events.length - 1;
  return events.map((event, index) => {
    const document = toDocument(event, firstPosition + index);
    if (last < SMALL_INSERT || index === last || index % NOTIFY_EVERY === 0) document.bell = true;
    return document;
  });
}

/**
 * Returns true if the driver or the server rejects the document itself. Any other error may be
 * temporary, and must not reject a valid event.
 */
export function isRefusal(error: unknown): boolean {
  const { MongoError, MongoInvalidArgumentError, MongoServerError } = mongoose.mongo;
  if (error instanceof MongoServerError) return isRefusalCode(error.code);
  if (isSocketError(error)) return false;
  return !(error instanceof MongoError) || error instanceof MongoInvalidArgumentError;
}

/** Returns true for a server error code that rejects a document. */
export function isRefusalCode(code: unknown): boolean {
  return REFUSALS.has(Number(code));
}

function duplicateIndex(failed: mongoose.mongo.WriteError): '_id' | 'position' {
  const { keyPattern } = failed.err as { keyPattern?: Record<string, unknown> };
  if (keyPattern !== undefined) return 'position' in keyPattern ? 'position' : '_id';
  // SecantusDB names the index only in the message.
  return /index: position_1\b/.test(failed.errmsg ?? '') ? 'position' : '_id';
}
