import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { LogUnavailableError, MetaDamagedError } from '../errors.ts';
import { checkLogDocument } from './check-meta.ts';
import { DURABLE } from './concerns.ts';
import type { MetaDocument } from './documents.ts';
import { ignoreDuplicateKey } from './duplicate-key.ts';
import { FORMAT_VERSION } from './format-version.ts';
import { keepPositionIndex } from './keep-position-index.ts';
import { type Collections, prepareCollections } from './models.ts';
import { onNewPrimary } from './on-new-primary.ts';

/** A new log contains nothing that older releases would misread. */
const FIRST_FORMAT = 1;

/** Server types that accept writes. Source: the driver's ServerType. */
const WRITABLE: ReadonlySet<string> = new Set([
  'RSPrimary',
  'Mongos',
  'Standalone',
  'LoadBalancer',
]);

export interface OpenedStorage {
  readonly collections: Collections;
  readonly cursorKey: Buffer;
  /** Calls back when a writable server becomes known, or is lost. */
  onReachable(listener: (isReachable: boolean) => void): void;
  /** Calls back when another member of the replica set is the primary than before. */
  onNewPrimary(listener: () => void): void;
  close(): Promise<void>;
}

/**
 * Connects to MongoDB, creates the indexes, and reads (the first time: writes) the identity of the
 * log.
 *
 * @param uri a replica set of MongoDB 6 or newer; the database is the one in the URI, else
 * `eventline`
 * @throws LogUnavailableError when the database cannot be reached, is not a replica set, or was
 * written by a newer release
 */
export async function openStorage(uri: string): Promise<OpenedStorage> {
  const connection = mongoose.createConnection(uri, {
    ...(databaseIn(uri) === '' && { dbName: 'eventline' }),
    appName: 'eventline',
    autoIndex: false,
    autoCreate: false,
    // A sender must get its 503 while it still waits.
    serverSelectionTimeoutMS: 2_500,
    // Together they bound the wait for a server that is reachable but does not answer.
    connectTimeoutMS: 5_000,
    heartbeatFrequencyMS: 2_000,
    // Options win over the URI: a secondary lags behind, and a transaction refuses to read from one.
    readPreference: 'primary',
    writeConcern: DURABLE,
    // By itself as well: the driver lets `journal` in the URI win over the write concern.
    journal: true,
    readConcernLevel: 'majority',
    // The outcome of an unclear write is looked up: the server that answers may be a restored
    // database.
    retryWrites: false,
  });
  connection.set('bufferCommands', false);
  try {
    await connection.asPromise();
    await refuseStandalone(connection);
    const collections = await prepareCollections(connection);
    const { cursorKey } = await readMeta(collections);
    const stopKeeping = keepPositionIndex(collections.events);
    return {
      collections,
      cursorKey: Buffer.from(cursorKey.buffer),
      onReachable(listener) {
        connection.getClient().on('topologyDescriptionChanged', ({ newDescription }) => {
          const servers = [...newDescription.servers.values()];
          listener(servers.some(({ type }) => WRITABLE.has(type)));
        });
      },
      onNewPrimary: (listener) => onNewPrimary(connection.getClient(), listener),
      close() {
        stopKeeping();
        return connection.close();
      },
    };
  } catch (error) {
    await connection.close().catch(() => undefined);
    if (error instanceof LogUnavailableError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new LogUnavailableError(`The database cannot be used: ${reason}`, { cause: error });
  }
}

function databaseIn(uri: string): string {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(uri)?.[1] ?? '';
}

async function refuseStandalone(connection: Connection): Promise<void> {
  const hello = await connection.db?.admin().command({ hello: 1 });
  // A mongos has no setName but answers "isdbgrid" and supports change streams too.
  if (hello?.setName === undefined && hello?.msg !== 'isdbgrid') {
    throw new LogUnavailableError(
      'The MongoDB server is not a replica set. Change streams need one: start mongod with ' +
        '--replSet and run rs.initiate() once, or use Atlas.',
    );
  }
}

async function readMeta({
  meta: collection,
  events,
}: Pick<Collections, 'meta' | 'events'>): Promise<MetaDocument> {
  // Of several instances that open a new log one writes the document, and all read it.
  const isUsed = (await events.findOne({}, { projection: { _id: 1 } })) !== null;
  const written = await collection.findOne({ _id: 'log' });
  if (written === null) {
    // With another key, the ids and cursors that clients hold would no longer be valid.
    if (isUsed) throw new MetaDamagedError('log', 'it is missing, and there are events');
    const cursorKey = new mongoose.mongo.Binary(randomBytes(16));
    await collection
      .insertOne({ _id: 'log', formatVersion: FIRST_FORMAT, cursorKey, createdAt: new Date() })
      .catch(ignoreDuplicateKey(() => undefined));
  }
  const document = written ?? (await collection.findOne({ _id: 'log' }));
  if (document === null) throw new LogUnavailableError('The log could not be opened.');
  checkLogDocument(document);
  if (document.formatVersion > FORMAT_VERSION) {
    throw new LogUnavailableError(
      `The database was written by a newer Eventline (format ${document.formatVersion}; this one ` +
        `reads up to ${FORMAT_VERSION}). Start that version again.`,
    );
  }
  return document;
}
