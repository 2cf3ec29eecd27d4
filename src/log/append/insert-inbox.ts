import mongoose from 'mongoose';
import { DURABLE } from '../../storage/concerns.ts';
import type { InboxDocument } from '../../storage/documents.ts';
import { isDuplicateKey } from '../../storage/duplicate-key.ts';
import type { Collection } from '../../storage/models.ts';
import { toChangedInboxDocument, toInboxDocument } from './inbox-document.ts';
import { isRefusal, isRefusalCode } from './insert-batch.ts';
import { originalOf } from './pending-events.ts';
import type { PendingEvent } from './types.ts';

/** The outcome of an insert. Events that are neither duplicates nor refused are in the inbox. */
export type InboxOutcome =
  | {
      kind: 'answered';
      /** Indexes of events that are already in the inbox. */
      duplicates: ReadonlySet<number>;
      /** Indexes of events that can never be stored. */
      refused: ReadonlyMap<number, unknown>;
    }
  /** One of the events can never be stored; which one is unknown. */
  | { kind: 'refused'; error: unknown }
  | { kind: 'unclear'; error: unknown };

/**
 * Inserts events into the inbox, durable on a majority. The answer for a duplicate also waits for
 * the majority, so the first entry is durable too (MongoDB manual, "Write Concern", `majority`).
 */
export async function insertInbox(
  inbox: Collection<InboxDocument>,
  pending: readonly PendingEvent[],
): Promise<InboxOutcome> {
  try {
    await inbox.insertMany(pending.map(toEntry), { ordered: false, writeConcern: DURABLE });
    return { kind: 'answered', duplicates: new Set(), refused: new Map() };
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) {
      return isRefusal(error) ? { kind: 'refused', error } : { kind: 'unclear', error };
    }
    const failed = [error.writeErrors].flat();
    if (failed.length === 0 || error.result.getWriteConcernError() !== undefined) {
      return { kind: 'unclear', error };
    }
    const duplicates = new Set<number>();
    const refused = new Map<number, unknown>();
    for (const one of failed) {
      if (isDuplicateKey(one)) duplicates.add(one.index);
      else if (isRefusalCode(one.code)) refused.set(one.index, one);
      else return { kind: 'unclear', error };
    }
    return { kind: 'answered', duplicates, refused };
  }
}

function toEntry(pending: PendingEvent): InboxDocument {
  const { event, isCleaned } = pending;
  return isCleaned ? toChangedInboxDocument(event, originalOf(pending)) : toInboxDocument(event);
}
