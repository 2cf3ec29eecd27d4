import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { LogUnavailableError } from '../errors.ts';
import type { QuarantineDocument } from '../storage/documents.ts';
import { ignoreDuplicateKey } from '../storage/duplicate-key.ts';
import type { Collections } from '../storage/models.ts';

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

type RejectedCollections = Pick<Collections, 'quarantine' | 'dropped'>;

/**
 * Stores a delivery in the quarantine unless the same bytes were dropped. Resolves when it is
 * durable.
 *
 * @throws LogUnavailableError when that is not certain
 */
export async function keepRejected(
  { quarantine, dropped }: RejectedCollections,
  { rawBody, problem, detail, receivedAt }: Rejected,
): Promise<KeptAs> {
  const _id = new Binary(createHash('sha256').update(rawBody).digest());
  const isDropped = async () => (await dropped.findOne({ _id })) !== null;
  const upsert = () =>
    quarantine.updateOne(
      { _id },
      {
        $setOnInsert: { raw: new Binary(rawBody), firstAt: receivedAt },
        $set: { problem, detail, lastAt: receivedAt },
        $inc: { count: 1 },
      },
      { upsert: true },
    );
  try {
    if (await isDropped()) return 'dropped';
    const { upsertedCount } = await upsert().catch(ignoreDuplicateKey(upsert));
    if (upsertedCount === 0) return 'again';
    // It may have been dropped between the two commands.
    if (!(await isDropped())) return 'first';
    await quarantine.deleteOne({ _id });
    return 'dropped';
  } catch (error) {
    throw new LogUnavailableError('The delivery could not be kept. Send it again.', {
      cause: error,
    });
  }
}

/**
 * Removes a delivery from the quarantine and remembers its digest, so that the same bytes are not
 * kept again. Returns false if it was gone.
 */
export async function dropRejected(
  { quarantine, dropped }: RejectedCollections,
  _id: QuarantineDocument['_id'],
): Promise<boolean> {
  if ((await quarantine.findOne({ _id }, { projection: { _id: 1 } })) === null) return false;
  const remember = () =>
    dropped.updateOne({ _id }, { $setOnInsert: { droppedAt: new Date() } }, { upsert: true });
  // Before the removal: a delivery that arrives meanwhile is not kept.
  await remember().catch(ignoreDuplicateKey(remember));
  return (await quarantine.deleteOne({ _id })).deletedCount === 1;
}
