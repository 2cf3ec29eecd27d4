import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import { ignoreDuplicateKey } from '../../storage/duplicate-key.ts';
import type { Collections } from '../../storage/models.ts';
import { hashEvent, hashRefused, hashUser, markOf } from './hash-erased.ts';

const { Binary } = mongoose.mongo;
const KEY_BYTES = 32;

/** An erasure in progress as stored in the database; intake refuses events by it. */
export interface ErasureRecord {
  /** Events of the user that occurred earlier are refused. */
  before: Date;
  /** The secret of the pseudonyms; unchanged when an interrupted erasure resumes. */
  secret: Buffer;
  /** Stores what can no longer be determined once these events are erased. */
  keepOwn(events: readonly NewEvent[]): Promise<void>;
  /** Installations of the user's events that are erased so far. */
  installations(): Promise<readonly string[]>;
  /** Stores hashes of these bodies, so that they are not quarantined when sent again. */
  keepRefused(rawBodies: readonly Buffer[]): Promise<void>;
  /** Removes everything that links the user to their pseudonyms. */
  finish(): Promise<void>;
}

/** Starts an erasure or resumes an unfinished one. @throws MongoError */
export async function beginErasure(
  collections: Pick<Collections, 'erasures' | 'erasureState'>,
  userId: string,
): Promise<ErasureRecord> {
  const { erasures } = collections;
  const key = await ensureKey(collections);
  const _id = new Binary(hashUser(key, userId));
  const { before, secret } = await begin();
  return {
    before,
    secret,
    async keepOwn(events) {
      // Events whose instant is after the erasure would be accepted as new when sent again.
      const later = events
        .filter(({ occurredOn }) => occurredOn >= before)
        .map((event) => new Binary(hashEvent(key, event)));
      const installations = [
        ...new Set(events.flatMap(({ installationId }) => installationId ?? [])),
      ];
      const added = {
        ...(later.length > 0 && { later: { $each: later } }),
        ...(installations.length > 0 && { installations: { $each: installations } }),
      };
      if (Object.keys(added).length > 0) await erasures.updateOne({ _id }, { $addToSet: added });
    },
    installations: async () => (await erasures.findOne({ _id }))?.installations ?? [],
    async keepRefused(rawBodies) {
      // Separate documents without the instant, which would link them to the user.
      const upserts = rawBodies.map((rawBody) => ({
        updateOne: {
          filter: { _id: new Binary(hashRefused(key, rawBody)) },
          update: { $setOnInsert: { refused: true as const, before: new Date(0) } },
          upsert: true,
        },
      }));
      const write = () => erasures.bulkWrite(upserts, { ordered: false });
      await write().catch(ignoreDuplicateKey(write));
    },
    async finish() {
      await erasures.updateOne(
        { _id, secret: { $exists: true } },
        { $unset: { secret: 1, installations: 1 } },
      );
    },
  };

  async function begin() {
    const mark = () =>
      erasures.updateOne(
        { _id },
        { $max: { before: new Date() }, $set: { mark: markOf(key, userId) } },
        { upsert: true },
      );
    // Repeats if another process finished the same erasure between these steps.
    for (;;) {
      await mark().catch(ignoreDuplicateKey(mark));
      await erasures.updateOne(
        { _id, secret: { $exists: false } },
        { $set: { secret: new Binary(randomBytes(KEY_BYTES)) } },
      );
      const begun = await erasures.findOne({ _id });
      if (begun?.secret) return { before: begun.before, secret: Buffer.from(begun.secret.value()) };
    }
  }
}

async function ensureKey({ erasureState }: Pick<Collections, 'erasureState'>): Promise<Buffer> {
  const find = () => erasureState.findOne({ _id: 'erasures' });
  const found = await find();
  if (found !== null) return Buffer.from(found.key.value());
  // Of several first erasures one writes the document, and all read it.
  await erasureState
    .insertOne({ _id: 'erasures', key: new Binary(randomBytes(KEY_BYTES)), epoch: 0 })
    .catch(ignoreDuplicateKey(() => undefined));
  const state = await find();
  if (state === null) throw new LogUnavailableError('The erasure could not be begun. Try again.');
  return Buffer.from(state.key.value());
}
