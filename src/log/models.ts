import mongoose, { type Connection } from 'mongoose';
import type { JsonObject } from '../catalog/json.ts';
import {
  type InstallationDocument,
  type MessageDocument,
  registerDerived,
  type UserDocument,
  type UserInstallationDocument,
  type ViewsDocument,
} from './derived-models.ts';
import { indexes } from './indexes.ts';
import { runTransaction } from './run-transaction.ts';

export type Binary = mongoose.mongo.Binary;

/** An event as it lies in the collection `events`. Absent members are null or as usual. */
export interface EventDocument {
  /** The digest, 32 bytes: a repeat is a duplicate `_id`. */
  _id: Binary;
  position: number;
  type: string;
  /** Only where `type` is not what the sender wrote. */
  typeName?: string;
  occurredOn: Date;
  /** Only where `occurredOn` does not say it all (another offset, finer than milliseconds). */
  occurredText?: string;
  receivedAt: Date;
  userId?: string;
  installationId?: string;
  payload: JsonObject;
  extra?: JsonObject;
  /** Only where the change streams tell of it, as a hint at all before it; see `insert-batch.ts`. */
  bell?: true;
  /** Deliveries that said the same again, and when the last one came; absent where none did. */
  repeats?: number;
  lastRepeatedAt?: Date;
}

/** A signed delivery that was refused, in the collection `quarantine`. */
export interface QuarantineDocument {
  /** SHA-256 of the raw bytes. */
  _id: Binary;
  raw: Binary;
  /** A key of the webhook's table of problems, and what it said. */
  problem: string;
  detail: string;
  firstAt: Date;
  lastAt: Date;
  count: number;
}

/** What the log knows about itself; one document, `_id: "log"`, in the collection `meta`. */
export interface MetaDocument {
  _id: 'log';
  formatVersion: number;
  /** Keys the check of cursors: a cursor of another log is recognised. 16 bytes. */
  cursorKey: Binary;
  createdAt: Date;
}

/** Written to see whether the database takes writes; see `watch-writes.ts`. */
export interface WriteTrialDocument {
  _id: 'write-trial';
  triedAt: Date;
}

/** Which positions are gone for good; one document, `_id: "bounds"`, in `meta`. See `bounds.ts`. */
export interface BoundsDocument {
  _id: 'bounds';
  /** All positions up to it are removed, or about to be. */
  removedUpTo?: number;
  /** The removal has come so far. */
  deletedUpTo?: number;
  gaps?: { after: number; upTo: number; declaredAt: Date }[];
  /** Nothing may be appended while it is true. */
  isClosed?: boolean;
}

/** Numbers drawn and called by writers that are many; one document, in `meta`. See `turns.ts`. */
export interface TurnsDocument {
  _id: 'turns';
  /** The number that is drawn next. */
  next: number;
  /** The number whose turn it is. */
  serving: number;
  /** Where the log ended when a turn was over: a hint. */
  head: number;
}

/** What is known of erasures; one document, in `meta`. See `erasures.ts`. */
export interface ErasureStateDocument {
  _id: 'erasures';
  /** Keys the names under which erased users are kept. 32 bytes. */
  key: Binary;
  /** Grows with each step that others have to know of. */
  epoch: number;
}

/**
 * A user who was erased, or a delivery that an erasure has removed from quarantine, in the collection
 * `erasures`. What is only there while the erasure is not finished would lead from the user to what
 * was made of their events.
 */
export interface ErasureDocument {
  /** A keyed hash of the user's id, or of the delivery's digest. */
  _id: Binary;
  /** Of a user: by it a text that is not the id is told apart at once. Older ones have none. */
  mark?: number;
  /** True for a delivery. */
  refused?: true;
  /** Events of this user that occurred before are not taken any more; of a delivery 1970. */
  before: Date;
  /** Keyed hashes of erased events which say that they occur later. */
  later?: Binary[];
  /** Makes the pseudonyms; there until the erasure is finished. */
  secret?: Binary;
  /** On which the user's events were, as far as they are erased; there until it is finished. */
  installations?: string[];
}

const { Mixed, Buffer: Bytes } = mongoose.Schema.Types;

// `strict: false` lets documents of a newer version pass through this one unharmed.
const options = { versionKey: false, strict: false, minimize: false, autoIndex: false } as const;

const eventSchema = new mongoose.Schema(
  {
    _id: { type: Bytes, required: true },
    position: { type: Number, required: true },
    type: { type: String, required: true },
    typeName: String,
    occurredOn: { type: Date, required: true },
    occurredText: String,
    receivedAt: { type: Date, required: true },
    userId: String,
    installationId: String,
    payload: { type: Mixed, required: true },
    extra: Mixed,
    bell: Boolean,
    repeats: Number,
    lastRepeatedAt: Date,
  },
  { ...options, collection: 'events' },
);

const quarantineSchema = new mongoose.Schema(
  {
    _id: { type: Bytes, required: true },
    raw: { type: Bytes, required: true },
    problem: { type: String, required: true },
    detail: { type: String, required: true },
    firstAt: { type: Date, required: true },
    lastAt: { type: Date, required: true },
    count: { type: Number, required: true },
  },
  { ...options, collection: 'quarantine' },
);

const erasureSchema = new mongoose.Schema(
  {
    _id: { type: Bytes, required: true },
    mark: Number,
    refused: Boolean,
    before: { type: Date, required: true },
    later: [Bytes],
    secret: Bytes,
    installations: [String],
  },
  { ...options, collection: 'erasures' },
);

// Documents of several kinds, each with an `_id` of its own.
const metaSchema = new mongoose.Schema(
  { _id: { type: String, required: true } },
  { ...options, collection: 'meta' },
);

export type ClientSession = mongoose.mongo.ClientSession;

export type Collection<T extends mongoose.mongo.Document> = mongoose.mongo.Collection<T>;

/** The driver's collections of the log: no mongoose document stands on the hot paths. */
export interface Collections {
  readonly events: Collection<EventDocument>;
  readonly quarantine: Collection<QuarantineDocument>;
  readonly meta: Collection<MetaDocument>;
  /** The documents of `meta` that change. */
  readonly bounds: Collection<BoundsDocument>;
  readonly turns: Collection<TurnsDocument>;
  readonly writeTrials: Collection<WriteTrialDocument>;
  readonly erasureState: Collection<ErasureStateDocument>;
  readonly erasures: Collection<ErasureDocument>;
  readonly users: Collection<UserDocument>;
  readonly installations: Collection<InstallationDocument>;
  readonly userInstallations: Collection<UserInstallationDocument>;
  readonly messages: Collection<MessageDocument>;
  /** The document of `meta` about the four before. */
  readonly views: Collection<ViewsDocument>;
  /** Does all of some work or nothing, durable on a majority; the work may be done again. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
}

/**
 * The driver's own default is `{}`. It finds `constructor` or `__proto__` in that, and reads an
 * array of objects by such a name in a payload as raw bytes (bson 7.3, `fieldsAsRaw[name]`).
 */
export const readAsWritten = { fieldsAsRaw: Object.create(null) as object };

/** Registers the models of the log on an open connection and makes collections and indexes. */
export async function prepareCollections(connection: Connection): Promise<Collections> {
  const models = [
    connection.model('Event', eventSchema),
    connection.model('Quarantine', quarantineSchema),
    connection.model('Meta', metaSchema),
    connection.model('Erasure', erasureSchema),
    ...registerDerived(connection, options),
  ];
  for (const model of models) await model.createCollection();
  const client = connection.getClient();
  const database = client.db(connection.name);
  for (const { collection, name, key, unique } of indexes) {
    await database.collection(collection).createIndex(key, { name, ...(unique && { unique }) });
  }
  return {
    events: database.collection<EventDocument>('events', readAsWritten),
    quarantine: database.collection<QuarantineDocument>('quarantine'),
    meta: database.collection<MetaDocument>('meta'),
    bounds: database.collection<BoundsDocument>('meta'),
    turns: database.collection<TurnsDocument>('meta'),
    writeTrials: database.collection<WriteTrialDocument>('meta'),
    erasureState: database.collection<ErasureStateDocument>('meta'),
    erasures: database.collection<ErasureDocument>('erasures'),
    users: database.collection<UserDocument>('users'),
    installations: database.collection<InstallationDocument>('installations'),
    userInstallations: database.collection<UserInstallationDocument>('userInstallations'),
    messages: database.collection<MessageDocument>('messages'),
    views: database.collection<ViewsDocument>('meta'),
    transaction: (work) => runTransaction(client, work),
  };
}
