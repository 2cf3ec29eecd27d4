import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import { cleanedDigest } from '../../catalog/event-digest.ts';
import { LogUnavailableError, MetaDamagedError } from '../../errors.ts';
import { checkErasureState } from '../../storage/check-meta.ts';
import type { ErasureDocument } from '../../storage/documents.ts';
import { ignoreDuplicateKey } from '../../storage/duplicate-key.ts';
import type { Collections } from '../../storage/models.ts';
import {
  hashChanged,
  hashContact,
  hashEvent,
  hashRefused,
  hashUser,
  markOf,
  markOfDigest,
} from './hash-erased.ts';

const { Binary } = mongoose.mongo;
const KEY_BYTES = 32;
/** Of an erasure whose work a restore may have taken back. */
export const RESTORED = 'The database was restored during the erasure. Repeat the erasure.';
/** Maximum number of documents per command. */
const CHUNK = 500;

/**
 * An erasure in progress as stored in the database; intake refuses events by it. Its functions throw a
 * LogUnavailableError if it is missing, because the database was restored meanwhile.
 */
export interface ErasureRecord {
  /** Events of the user that occurred earlier are refused. */
  before: Date;
  /** The secret of the pseudonyms; unchanged when an interrupted erasure resumes. */
  secret: Buffer;
  /** Stores what can no longer be determined once these events are erased. */
  keepOwn(events: readonly NewEvent[]): Promise<void>;
  /** Stores hashes of the user's contacts, so that later mentions are removed on arrival. */
  keepContacts(contacts: ReadonlySet<string>): Promise<void>;
  /** Stores hashes of events before they are changed, so that redeliveries are not stored. */
  keepChanged(events: readonly NewEvent[]): Promise<void>;
  /** Stores the users and installations of these events: their projections must be rebuilt. */
  keepOthers(events: readonly NewEvent[]): Promise<void>;
  /**
   * Stores that no position up to this one names the user or a contact any more, except in events
   * that occurred after the erasure began. What is found later was stored unaware of the erasure.
   */
  keepRewritten(contacts: ReadonlySet<string>, upTo: number): Promise<void>;
  /** Stores hashes of these bodies, so that they are not quarantined when sent again. */
  keepRefused(rawBodies: readonly Buffer[]): Promise<void>;
  /** Reads what was stored so far, also by an attempt that was interrupted. */
  kept(): Promise<ErasureKeep>;
  /** Removes everything that links the user to their pseudonyms. */
  finish(): Promise<void>;
}

/** Temporary data of an unfinished erasure. */
export interface ErasureKeep {
  /** Installations of the user's erased events. */
  installations: readonly string[];
  contacts: readonly string[];
  /** Of `keepOthers`. */
  otherUsers: readonly string[];
  otherInstallations: readonly string[];
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
      await add({ later, installations: installationsOf(events) });
    },
    async keepContacts(contacts) {
      await add({ contacts: [...contacts] });
      await upsert(
        [...contacts].map((contact) => [
          hashContact(key, contact),
          { $max: { before }, $set: { kind: 'contact', mark: markOf(key, contact) } },
        ]),
      );
    },
    async keepChanged(events) {
      // Also by the digest to the millisecond, which an export of the event has.
      const digests = events.flatMap((event) => [event.digest, cleanedDigest(event)]);
      await upsert(
        digests.map((digest) => [
          hashChanged(key, digest),
          { $setOnInsert: { kind: 'event', mark: markOfDigest(digest), before: new Date(0) } },
        ]),
      );
    },
    async keepOthers(events) {
      const otherUsers = [...new Set(events.flatMap(({ userId }) => userId ?? []))];
      await add({ otherUsers, otherInstallations: installationsOf(events) });
    },
    async keepRewritten(contacts, upTo) {
      const hashes = [...contacts].map((contact) => hashContact(key, contact));
      await upsert(
        [hashUser(key, userId), ...hashes].map((hash) => [
          hash,
          { $set: { rewritten: { before, upTo } } },
        ]),
      );
    },
    async keepRefused(rawBodies) {
      // Separate documents without the instant, which would link them to the user.
      await upsert(
        rawBodies.map((rawBody) => [
          hashRefused(key, rawBody),
          { $setOnInsert: { refused: true, before: new Date(0) } },
        ]),
      );
    },
    async kept() {
      const found = await erasures.findOne({ _id });
      const { installations = [], contacts = [] } = found ?? {};
      const { otherUsers = [], otherInstallations = [] } = found ?? {};
      return { installations, contacts, otherUsers, otherInstallations };
    },
    async finish() {
      await update({
        $unset: {
          ...{ secret: 1, installations: 1, contacts: 1 },
          ...{ otherUsers: 1, otherInstallations: 1 },
        },
      });
    },
  };

  /** Adds missing values to lists in the user's document. */
  async function add(lists: Record<string, readonly unknown[]>): Promise<void> {
    const filled = Object.entries(lists).filter(([, values]) => values.length > 0);
    if (filled.length === 0) return;
    const added = filled.map(([name, values]) => [name, { $each: values }]);
    await update({ $addToSet: Object.fromEntries(added) });
  }

  async function update(change: mongoose.mongo.UpdateFilter<ErasureDocument>): Promise<void> {
    const { matchedCount } = await erasures.updateOne({ _id }, change);
    if (matchedCount === 0) throw new LogUnavailableError(RESTORED);
  }

  async function upsert(
    documents: readonly [hash: Buffer, update: mongoose.mongo.UpdateFilter<ErasureDocument>][],
  ): Promise<void> {
    // Without it, a restored log would have erased users and no key to recognise them by.
    if ((await erasures.findOne({ _id })) === null) throw new LogUnavailableError(RESTORED);
    for (let start = 0; start < documents.length; start += CHUNK) {
      const upserts = documents.slice(start, start + CHUNK).map(([hash, update]) => ({
        updateOne: { filter: { _id: new Binary(hash) }, update, upsert: true },
      }));
      const write = () => erasures.bulkWrite(upserts, { ordered: false });
      await write().catch(ignoreDuplicateKey(write));
    }
  }

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

function installationsOf(events: readonly NewEvent[]): string[] {
  return [...new Set(events.flatMap(({ installationId }) => installationId ?? []))];
}

async function ensureKey({
  erasures,
  erasureState,
}: Pick<Collections, 'erasures' | 'erasureState'>): Promise<Buffer> {
  const find = () => erasureState.findOne({ _id: 'erasures' });
  const isUsed = (await erasures.findOne({}, { projection: { _id: 1 } })) !== null;
  const found = await find();
  if (found !== null) return Buffer.from(checkErasureState(found).key.value());
  if (isUsed) throw new MetaDamagedError('erasures', 'it is missing, and there are erased users');
  // Of several first erasures one writes the document, and all read it.
  await erasureState
    .insertOne({ _id: 'erasures', key: new Binary(randomBytes(KEY_BYTES)), epoch: 0 })
    .catch(ignoreDuplicateKey(() => undefined));
  const state = await find();
  if (state === null) throw new LogUnavailableError('The erasure could not be begun. Try again.');
  return Buffer.from(state.key.value());
}
