import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { LogUnavailableError } from '../errors.ts';
import type { MetaDocument } from './documents.ts';
import { ignoreDuplicateKey } from './duplicate-key.ts';
import { FORMAT_VERSION } from './format-version.ts';
import { type Collection, type Collections, prepareCollections } from './models.ts';

/** What a new log is: nothing in it that an older Eventline would not understand. */
const FIRST_FORMAT = 1;

/** The types of servers that take writes. Source: the driver's ServerType. */
const WRITABLE: ReadonlySet<string> = new Set([
  'RSPrimary',
  'Mongos',
  'Standalone',
  'LoadBalancer',
]);

export interface OpenedStorage {
  readonly collections: Collections;
  readonly cursorKey: Buffer;
  /** Calls back whenever it becomes known that there is, or is not, a server to write to. */
  onReachable(listener: (isReachable: boolean) => void): void;
  close(): Promise<void>;
}

/**
 * Connects to MongoDB, makes the indexes, and reads (or writes, the first time) what the log knows
 * about itself.
 *
 * @param uri a MongoDB 6 or newer as a replica set; the database is the one in the URI, else
 *   `eventline`
 * @throws LogUnavailableError when the database cannot be reached, is not a replica set, or was
 *   written by a newer Eventline
 */
export async function openStorage(uri: string): Promise<OpenedStorage> {
  const connection = mongoose.createConnection(uri, {
    ...(databaseIn(uri) === '' && { dbName: 'eventline' }),
    appName: 'eventline',
    autoIndex: false,
    autoCreate: false,
    // A webhook must get its 503 while the sender still waits.
    serverSelectionTimeoutMS: 2_500,
    // Together the bound on a database that is there and does not answer: what waits for it then fails.
    connectTimeoutMS: 5_000,
    heartbeatFrequencyMS: 2_000,
    writeConcern: { w: 'majority', journal: true },
    readConcernLevel: 'majority',
    // What became of a write is looked up, not guessed: the one who answers may be a restored database.
    retryWrites: false,
  });
  connection.set('bufferCommands', false);
  try {
    await connection.asPromise();
    await refuseStandalone(connection);
    const collections = await prepareCollections(connection);
    const { cursorKey } = await readMeta(collections.meta);
    return {
      collections,
      cursorKey: Buffer.from(cursorKey.buffer),
      onReachable(listener) {
        connection.getClient().on('topologyDescriptionChanged', ({ newDescription }) => {
          const servers = [...newDescription.servers.values()];
          listener(servers.some(({ type }) => WRITABLE.has(type)));
        });
      },
      close: () => connection.close(),
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
  // A mongos has no setName, but says "isdbgrid" and carries change streams too.
  if (hello?.setName === undefined && hello?.msg !== 'isdbgrid') {
    throw new LogUnavailableError(
      'The MongoDB server is not a replica set. Change streams need one: start mongod with ' +
        '--replSet and run rs.initiate() once, or use Atlas.',
    );
  }
}

async function readMeta(collection: Collection<MetaDocument>): Promise<MetaDocument> {
  // Of several instances that open a new log at once one writes it, and all read what is there.
  const written = await collection.findOne({ _id: 'log' });
  if (written === null) {
    const cursorKey = new mongoose.mongo.Binary(randomBytes(16));
    await collection
      .insertOne({ _id: 'log', formatVersion: FIRST_FORMAT, cursorKey, createdAt: new Date() })
      .catch(ignoreDuplicateKey(() => undefined));
  }
  const document = written ?? (await collection.findOne({ _id: 'log' }));
  if (document === null) throw new LogUnavailableError('The log could not be opened.');
  if (document.formatVersion > FORMAT_VERSION) {
    throw new LogUnavailableError(
      `The database was written by a newer Eventline (format ${document.formatVersion}; this one ` +
        `reads up to ${FORMAT_VERSION}). Start that version again.`,
    );
  }
  return document;
}
