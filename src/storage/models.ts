import mongoose, { type Connection } from 'mongoose';
import { createTelemetry } from '../telemetry.ts';
import type {
  BoundsDocument,
  DroppedDocument,
  ErasureDocument,
  ErasureStateDocument,
  EventDocument,
  InboxDocument,
  MetaDocument,
  QuarantineDocument,
  WriteProbeDocument,
  WriterDocument,
} from './documents.ts';
import { indexes } from './indexes.ts';
import {
  type InstallationDocument,
  type MessageDocument,
  type ProjectionStateDocument,
  registerProjections,
  type UserContactDocument,
  type UserDocument,
  type UserInstallationDocument,
} from './projection-documents.ts';
import { type ClientSession, withTransaction } from './with-transaction.ts';

const { Mixed, Buffer: Bytes } = mongoose.Schema.Types;

// `strict: false` preserves unknown members of documents from newer releases.
const options = { versionKey: false, strict: false, minimize: false, autoIndex: false } as const;

const eventMembers = {
  _id: { type: Bytes, required: true },
  type: { type: String, required: true },
  typeName: String,
  occurredOn: { type: Date, required: true },
  occurredText: String,
  receivedAt: { type: Date, required: true },
  userId: String,
  installationId: String,
  payload: { type: Mixed, required: true },
  extra: Mixed,
} as const;

const eventSchema = new mongoose.Schema(
  {
    ...eventMembers,
    position: { type: Number, required: true },
    bell: Boolean,
    repeats: Number,
    lastRepeatedAt: Date,
  },
  { ...options, collection: 'events' },
);

const inboxSchema = new mongoose.Schema(eventMembers, { ...options, collection: 'inbox' });

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

const droppedSchema = new mongoose.Schema(
  { _id: { type: Bytes, required: true }, droppedAt: { type: Date, required: true } },
  { ...options, collection: 'droppedDeliveries' },
);

const erasureSchema = new mongoose.Schema(
  {
    _id: { type: Bytes, required: true },
    mark: Number,
    kind: String,
    refused: Boolean,
    before: { type: Date, required: true },
    later: [Bytes],
    secret: Bytes,
    installations: [String],
    contacts: [String],
    otherUsers: [String],
    otherInstallations: [String],
  },
  { ...options, collection: 'erasures' },
);

// Documents of several kinds, each with its own `_id`.
const metaSchema = new mongoose.Schema(
  { _id: { type: String, required: true } },
  { ...options, collection: 'meta' },
);

export type Collection<T extends mongoose.mongo.Document> = mongoose.mongo.Collection<T>;

/** The driver's collections of the log; hot paths create no mongoose documents. */
export interface Collections {
  readonly events: Collection<EventDocument>;
  /** Acknowledged events that wait for their position. */
  readonly inbox: Collection<InboxDocument>;
  readonly quarantine: Collection<QuarantineDocument>;
  readonly dropped: Collection<DroppedDocument>;
  readonly meta: Collection<MetaDocument>;
  /** The mutable documents of `meta`. */
  readonly bounds: Collection<BoundsDocument>;
  readonly writer: Collection<WriterDocument>;
  readonly writeProbes: Collection<WriteProbeDocument>;
  readonly erasureState: Collection<ErasureStateDocument>;
  readonly erasures: Collection<ErasureDocument>;
  readonly users: Collection<UserDocument>;
  readonly installations: Collection<InstallationDocument>;
  readonly userInstallations: Collection<UserInstallationDocument>;
  readonly messages: Collection<MessageDocument>;
  readonly userContacts: Collection<UserContactDocument>;
  /** The state of the projections, in `meta`. */
  readonly views: Collection<ProjectionStateDocument>;
  /** Returns the time of the database's clock. */
  databaseTime(): Promise<Date>;
  /** Runs work in a transaction, majority-durable; the work may run more than once. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
}

/**
 * The driver's default is `{}`. It finds `constructor` or `__proto__` in that object, and reads an
 * array of objects under such a payload key as raw bytes (bson 7.3, `fieldsAsRaw[name]`).
 */
const readAsWritten = { fieldsAsRaw: Object.create(null) as object };

/** Each index that is missing on a collection with documents, before it is built. */
export const indexBuilds = createTelemetry<{ collection: string; index: string }>('index-build');

/** Registers the models on an open connection and creates collections and indexes. */
export async function prepareCollections(connection: Connection): Promise<Collections> {
  const models = [
    connection.model('Event', eventSchema),
    connection.model('InboxEntry', inboxSchema),
    connection.model('Quarantine', quarantineSchema),
    connection.model('DroppedDelivery', droppedSchema),
    connection.model('Meta', metaSchema),
    connection.model('Erasure', erasureSchema),
    ...registerProjections(connection, options),
  ];
  for (const model of models) await model.createCollection();
  const client = connection.getClient();
  const database = client.db(connection.name);
  await createIndexes(database);
  return toCollections(client, database);
}

/**
 * Creates the indexes that are missing. By default MongoDB waits for all voting members, so that the
 * start would wait for a member that is down.
 * Source: MongoDB manual, `createIndexes`, `commitQuorum`.
 */
export async function createIndexes(database: mongoose.mongo.Db): Promise<void> {
  for (const { collection: of, name, key, unique } of indexes) {
    const collection = database.collection(of);
    if (await takesTime(collection, name)) indexBuilds.publish({ collection: of, index: name });
    await collection.createIndex(key, {
      name,
      commitQuorum: 'majority',
      ...(unique && { unique }),
    });
  }
}

async function takesTime(collection: mongoose.mongo.Collection, name: string): Promise<boolean> {
  if ((await collection.estimatedDocumentCount()) === 0) return false;
  return !(await collection.indexExists(name));
}

/** Returns the collections of an existing log. */
export function toCollections(
  client: mongoose.mongo.MongoClient,
  database: mongoose.mongo.Db,
): Collections {
  return {
    events: database.collection<EventDocument>('events', readAsWritten),
    inbox: database.collection<InboxDocument>('inbox', readAsWritten),
    quarantine: database.collection<QuarantineDocument>('quarantine'),
    dropped: database.collection<DroppedDocument>('droppedDeliveries'),
    meta: database.collection<MetaDocument>('meta'),
    bounds: database.collection<BoundsDocument>('meta'),
    writer: database.collection<WriterDocument>('meta'),
    writeProbes: database.collection<WriteProbeDocument>('meta'),
    erasureState: database.collection<ErasureStateDocument>('meta'),
    erasures: database.collection<ErasureDocument>('erasures'),
    users: database.collection<UserDocument>('users'),
    installations: database.collection<InstallationDocument>('installations'),
    userInstallations: database.collection<UserInstallationDocument>('userInstallations'),
    messages: database.collection<MessageDocument>('messages'),
    userContacts: database.collection<UserContactDocument>('userContacts'),
    views: database.collection<ProjectionStateDocument>('meta'),
    async databaseTime() {
      const { localTime } = await database.admin().command({ hello: 1 });
      return localTime;
    },
    transaction: (work) => withTransaction(client, work),
  };
}
