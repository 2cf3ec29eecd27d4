import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { LogUnavailableError } from '../errors.ts';
import type { QuarantineDocument } from '../storage/documents.ts';
import { ignoreDuplicateKey, isDuplicateKey } from '../storage/duplicate-key.ts';
import type { Collection } from '../storage/models.ts';

const { Binary } = mongoose.mongo;

/** A signed delivery that could not be accepted, and the reason. */
export interface Rejected {
  rawBody: Buffer;
  problem: string;
  detail: string;
  receivedAt: Date;
}

/** What became of it: kept, counted as a repetition of kept bytes, or ignored as dropped before. */
export type KeptAs = 'first' | 'again' | 'dropped';

/** Matches what was not dropped; the document of a dropped delivery has no bytes. */
export const IN_QUARANTINE = { droppedAt: { $exists: false } };

/**
 * Stores a delivery in the quarantine unless the same bytes were dropped. Resolves when it is
 * durable.
 *
 * @throws LogUnavailableError when that is not certain
 */
export async function keepRejected(
  collection: Collection<QuarantineDocument>,
  { rawBody, problem, detail, receivedAt }: Rejected,
): Promise<KeptAs> {
  const _id = new Binary(createHash('sha256').update(rawBody).digest());
  // If it was dropped, the filter does not match, and the insert meets its key.
  const upsert = () =>
    collection.updateOne(
      { _id, ...IN_QUARANTINE },
      {
        $setOnInsert: { raw: new Binary(rawBody), firstAt: receivedAt },
        $set: { problem, detail, lastAt: receivedAt },
        $inc: { count: 1 },
      },
      { upsert: true },
    );
  try {
    const { upsertedCount } = await upsert().catch(ignoreDuplicateKey(upsert));
    return upsertedCount > 0 ? 'first' : 'again';
  } catch (error) {
    if (isDuplicateKey(error) && (await isDropped(collection, _id))) return 'dropped';
    throw new LogUnavailableError('The delivery could not be kept. Send it again.', {
      cause: error,
    });
  }
}

/** Returns false if the database does not answer, so that the sender retries. */
async function isDropped(
  collection: Collection<QuarantineDocument>,
  _id: QuarantineDocument['_id'],
): Promise<boolean> {
  const find = collection.findOne(
    { _id, droppedAt: { $exists: true } },
    { projection: { _id: 1 } },
  );
  return (await find.catch(() => null)) !== null;
}
