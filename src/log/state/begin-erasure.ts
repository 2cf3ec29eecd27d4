import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { StoredEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import { ignoreDuplicateKey } from '../../storage/duplicate-key.ts';
import type { Collections } from '../../storage/models.ts';
import { hashEvent, hashRefused, hashUser, markOf } from './hash-erased.ts';

const { Binary } = mongoose.mongo;
const KEY_BYTES = 32;

/** An erasure under way, as the database has it: by this intake knows what not to take. */
export interface ErasureRecord {
  /** Events of the user that occurred before are not taken any more. */
  before: Date;
  /** Makes the pseudonyms; the same when the erasure was broken off and is begun again. */
  secret: Buffer;
  /** What cannot be told any more once these events of the user are erased. */
  keepOwn(events: readonly StoredEvent[]): Promise<void>;
  /** Those on which the user was, as far as their events are erased. */
  installations(): Promise<readonly string[]>;
  /** So that these bytes are not kept in quarantine when they are sent again. */
  keepRefused(rawBodies: readonly Buffer[]): Promise<void>;
  /** From here on nothing leads from the user to what was made of their events. */
  finish(): Promise<void>;
}

/** Begins an erasure, or goes on with one that was not finished. @throws MongoError */
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
      // One that says it occurs after its erasure would be taken for a new one when it is sent again.
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
      // Documents of their own, without the instant: it would tell with whom they went.
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
    // Once more when somebody else has finished the same one between these steps.
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
  // Of several that begin the first one at once one writes it, and all read what is there.
  await erasureState
    .insertOne({ _id: 'erasures', key: new Binary(randomBytes(KEY_BYTES)), epoch: 0 })
    .catch(ignoreDuplicateKey(() => undefined));
  const state = await find();
  if (state === null) throw new LogUnavailableError('The erasure could not be begun. Try again.');
  return Buffer.from(state.key.value());
}
