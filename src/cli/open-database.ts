import { databaseUri, readDatabaseRecord } from '../embedded/database-record.ts';
import { lockDirectory, readServerInfo } from '../embedded/lock-directory.ts';
import { startEmbedded } from '../embedded/start-embedded.ts';
import { CommandError } from './command-error.ts';
import { line, type Terminal } from './terminal.ts';

export interface OpenDatabase {
  uri: string;
  /** Ends what was started for it; the database of a server or a configured one runs on. */
  close(): Promise<void>;
}

/**
 * The database for a command that works on it directly: the configured one, else that of the
 * server which runs on the data directory, else the embedded one, started for this command.
 *
 * @param create true: where there is none yet, an embedded one is made
 * @throws CommandError when there is no database in the data directory, or when it is in the hands
 *   of another process that shares it with nobody
 */
export async function openDatabase(
  terminal: Terminal,
  { create = false }: { create?: boolean } = {},
): Promise<OpenDatabase> {
  const { mongodbUri, dataDir, embeddedMongodb: choice } = terminal.config();
  if (mongodbUri !== undefined) return { uri: mongodbUri, close: async () => undefined };
  const record = await readDatabaseRecord(dataDir);
  if (record === undefined && !create) {
    throw new CommandError(
      `There is no database in ${dataDir}: no server has run on it. Set DATA_DIR or MONGODB_URI to where yours keeps its events.`,
    );
  }
  const running = await readServerInfo(dataDir);
  if (running?.url !== undefined && record !== undefined) {
    return { uri: databaseUri(record.port), close: async () => undefined };
  }
  // Without an address: a server before it listens, or a command that will stop its database.
  if (running !== undefined) {
    throw new CommandError(
      `${dataDir} is in use by another eventline (pid ${running.pid}), a command or a server that is starting. Try again in a moment.`,
    );
  }
  return startOwn(terminal, dataDir, choice);
}

async function startOwn(
  { env, err, onForcedEnd }: Terminal,
  dataDir: string,
  choice: 'auto' | 'download',
): Promise<OpenDatabase> {
  const progress = (text: string) => line(err, text);
  const lock = await lockDirectory(dataDir);
  try {
    progress(`No server runs on ${dataDir}: starting its database for this command …`);
    const database = await startEmbedded({ dataDir, choice, env, progress });
    onForcedEnd(database.kill);
    return {
      uri: database.uri,
      async close() {
        await database.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
