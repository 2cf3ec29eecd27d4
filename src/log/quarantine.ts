import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { LogUnavailableError } from '../errors.ts';
import type { QuarantineDocument, Binary as StoredBinary } from '../storage/documents.ts';
import { isSocketError } from '../storage/is-socket-error.ts';
import type { Collections } from '../storage/models.ts';
import { takeWithin } from '../storage/take-within.ts';
import { systemClock } from './append/clock.ts';
import { dropRejected, type KeptAs, keepRejected, type Rejected } from './keep-rejected.ts';
import type { DigestSeal } from './read/digest-seal.ts';
import type { LogState } from './state/log-state.ts';

const { Binary, MongoError } = mongoose.mongo;

/** Facts about a quarantined delivery, without its body. */
export interface QuarantineFacts {
  /** The SHA-256 of the raw bytes, encrypted under a key of the log, in hex: 96 characters. */
  id: string;
  problem: string;
  detail: string;
  /** First and last time of receipt; the same bytes arrived `count` times. */
  firstAt: Date;
  lastAt: Date;
  count: number;
  /** Length of the body. */
  bytes: number;
}

/** A place in the order of first receipt: the instant, and the id among equal instants. */
export interface QuarantinePlace {
  firstAt: Date;
  id: string;
}

export interface QuarantinePageQuery {
  problem?: string | undefined;
  /** After this place, and before the other. */
  after?: QuarantinePlace | undefined;
  before?: QuarantinePlace | undefined;
  /** Includes deliveries at these places. */
  isInclusive?: boolean;
  limit: number;
  /** The bytes that bodies may have together; one alone may have more. */
  maxBytes: number;
  direction: 'forward' | 'backward';
  /** Whether to load the bodies. */
  withBodies: boolean;
}

export interface QuarantinePage {
  items: QuarantineItem[];
  /** True if there are more items in this direction that the page has no bytes for. */
  isCut: boolean;
}

export type QuarantineItem = QuarantineFacts & { rawBody?: Buffer };

/**
 * The quarantine of signed but unacceptable deliveries. Every method throws LogUnavailableError
 * when the database is unavailable.
 */
export interface Quarantine {
  /**
   * Stores the bytes as received; repeated bytes are counted, dropped ones ignored. Resolves when
   * they are durable. `erased`: not kept, because it names a user who was erased after it.
   * @throws LogUnavailableError also when the database does not answer in time; it may still be kept
   */
  keep(rejected: Rejected): Promise<KeptAs | 'erased'>;
  /** Returns quarantined deliveries, newest first, optionally of one problem only. */
  list(options?: { problem?: string | undefined; limit?: number }): Promise<QuarantineFacts[]>;
  /** Returns a page of deliveries in the order of first receipt. */
  page(query: QuarantinePageQuery): Promise<QuarantinePage>;
  /** Returns the number of deliveries. */
  size(): Promise<number>;
  /** Returns the ids of all deliveries. */
  ids(): Promise<string[]>;
  /** Returns up to two ids that start with `prefix` (hex, lower case). */
  find(prefix: string): Promise<string[]>;
  /** Returns the bytes of the bodies of those that are in quarantine. */
  sizes(ids: readonly string[]): Promise<Map<string, number>>;
  /** Returns a delivery with its bytes; undefined if it is no longer in quarantine. */
  read(id: string): Promise<(QuarantineFacts & { rawBody: Buffer }) | undefined>;
  /** Updates the reason of a delivery that is still in quarantine. */
  explain(id: string, reason: { problem: string; detail: string }): Promise<void>;
  /** Removes a delivery that the log has; false if it was already gone. */
  remove(id: string): Promise<boolean>;
  /** Removes a delivery permanently: the same bytes are never kept again. False if it was gone. */
  drop(id: string): Promise<boolean>;
}

/**
 * Stores signed but unacceptable deliveries until they are fixed or dropped. Their stored digests
 * are never exposed, since a guess of the body could be verified by them.
 *
 * @param timeoutMs maximum time to keep one, in milliseconds
 */
export function createQuarantine(
  collections: Pick<Collections, 'quarantine' | 'dropped'>,
  { seal, open }: DigestSeal,
  logState: Pick<LogState, 'ensureFresh' | 'forbids'>,
  timeoutMs = 5_000,
): Quarantine {
  const { quarantine: collection } = collections;
  const toPublicId = ({ _id }: Pick<QuarantineDocument, '_id'>) =>
    seal(Buffer.from(_id.buffer)).toString('hex');
  /** Of an id that this log did not make: one that nothing is stored under. */
  const toStoredId = (id: string) => new Binary(open(Buffer.from(id, 'hex')) ?? Buffer.alloc(0));
  const findIds = async () => {
    const found = collection.find({}, { projection: { _id: 1 }, sort: { _id: 1 } });
    return (await mapQuarantineError(found.toArray())).map(toPublicId);
  };
  const toFacts = (document: Omit<QuarantineDocument, 'raw'>, bytes: number): QuarantineFacts => {
    const { problem, detail, firstAt, lastAt, count } = document;
    return { id: toPublicId(document), problem, detail, firstAt, lastAt, count, bytes };
  };
  const beyond = (place: QuarantinePlace | undefined, operator: '$gt' | '$lt', orAt = '') => {
    if (place === undefined) return [];
    const { firstAt, id } = place;
    const isBeyondId = { [`${operator}${orAt}`]: toStoredId(id) };
    return [{ $or: [{ firstAt: { [operator]: firstAt } }, { firstAt, _id: isBeyondId }] }];
  };
  const isForbidden = async (rawBody: Buffer) => {
    await logState.ensureFresh();
    return logState.forbids(rawBody);
  };
  async function keep(rejected: Rejected): Promise<KeptAs | 'erased'> {
    const { rawBody } = rejected;
    if (await isForbidden(rawBody)) return 'erased';
    const keptAs = await keepRejected(collections, rejected);
    // An erasure may have ended during the write, if this process was stopped or cut off.
    if (!(await isForbidden(rawBody))) return keptAs;
    const _id = new Binary(createHash('sha256').update(rawBody).digest());
    await mapQuarantineError(collection.deleteOne({ _id }));
    return 'erased';
  }

  return {
    keep(rejected) {
      const over = new AbortController();
      const late = systemClock.wait(timeoutMs, over.signal).then(() => {
        throw new LogUnavailableError('The delivery could not be kept. Send it again.');
      });
      return Promise.race([keep(rejected), late]).finally(() => over.abort());
    },

    async list({ problem, limit } = {}) {
      const documents = await mapQuarantineError(
        collection
          .aggregate<Omit<QuarantineDocument, 'raw'> & { bytes: number }>([
            { $match: problem === undefined ? {} : { problem } },
            // Bodies stay in the database: they are large, and not requested.
            { $set: { bytes: { $binarySize: '$raw' } } },
            { $unset: 'raw' },
            { $sort: { lastAt: -1, _id: 1 } },
            ...(limit === undefined ? [] : [{ $limit: limit }]),
          ])
          .toArray(),
      );
      return documents.map((document) => toFacts(document, document.bytes));
    },

    async page({ problem, after, before, isInclusive, limit, maxBytes, direction, withBodies }) {
      const orAt = isInclusive ? 'e' : '';
      const order = direction === 'forward' ? 1 : -1;
      const { documents, isCut } = await mapQuarantineError(
        takeWithin(
          collection.aggregate<QuarantineDocument & { bytes: number }>([
            {
              $match: {
                ...(problem !== undefined && { problem }),
                $and: [{}, ...beyond(after, '$gt', orAt), ...beyond(before, '$lt', orAt)],
              },
            },
            { $sort: { firstAt: order, _id: order } },
            { $limit: limit },
            { $set: { bytes: { $binarySize: '$raw' } } },
            ...(withBodies ? [] : [{ $unset: 'raw' }]),
          ]),
          withBodies ? maxBytes : Number.POSITIVE_INFINITY,
        ),
      );
      const items = documents.map((document) => ({
        ...toFacts(document, document.bytes),
        ...(withBodies && { rawBody: Buffer.from(document.raw.value()) }),
      }));
      if (direction === 'backward') items.reverse();
      return { items, isCut };
    },

    size: () => mapQuarantineError(collection.estimatedDocumentCount()),

    ids: findIds,

    // No index has them in this form; what is kept is a matter for people, and few.
    find: async (prefix) => (await findIds()).filter((id) => id.startsWith(prefix)).slice(0, 2),

    async sizes(ids) {
      const found = collection.aggregate<{ _id: StoredBinary; bytes: number }>([
        { $match: { _id: { $in: ids.map(toStoredId) } } },
        { $project: { bytes: { $binarySize: '$raw' } } },
      ]);
      const sizes = await mapQuarantineError(found.toArray());
      return new Map(sizes.map((one) => [toPublicId(one), one.bytes]));
    },

    async read(id) {
      const found = await mapQuarantineError(collection.findOne({ _id: toStoredId(id) }));
      if (found === null) return undefined;
      const rawBody = Buffer.from(found.raw.value());
      return { ...toFacts(found, rawBody.length), rawBody };
    },

    async explain(id, { problem, detail }) {
      await mapQuarantineError(
        collection.updateOne({ _id: toStoredId(id) }, { $set: { problem, detail } }),
      );
    },

    async remove(id) {
      const { deletedCount } = await mapQuarantineError(
        collection.deleteOne({ _id: toStoredId(id) }),
      );
      return deletedCount === 1;
    },

    drop: (id) => mapQuarantineError(dropRejected(collections, toStoredId(id))),
  };
}

async function mapQuarantineError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof MongoError || isSocketError(error))) throw error;
    throw new LogUnavailableError('The quarantine cannot be reached at the moment. Try again.', {
      cause: error,
    });
  }
}
