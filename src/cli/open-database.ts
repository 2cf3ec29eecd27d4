import { databaseUri, readDatabaseRecord } from '../embedded/database-record.ts';
import { lockDirectory, readServerInfo } from '../embedded/lock-directory.ts';
import { startEmbedded } from '../embedded/start-embedded.ts';
import { CommandError } from './command-error.ts';
import { line, type Terminal } from './terminal.ts';

export interface OpenDatabase {
  uri: string;
  /** Stops what was started for the command; a server's or configured database keeps running. */
  close(): Promise<void>;
}

/**
 * Returns the database for a command that works on it directly: the configured one, else that of
 * the server running on the data directory, else the embedded one, started for this command.
 *
 * @param create true: creates an embedded database if none exists
 * @throws CommandError when the data directory holds no database, or another process uses it
 * exclusively
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
      `There is no database in ${dataDir}. Set DATA_DIR or MONGODB_URI to that of your server.`,
    );
  }
  const running = await readServerInfo(dataDir);
  if (running?.url !== undefined && record !== undefined) {
    return { uri: databaseUri(record.port), close: async () => undefined };
  }
  // Without a URL: a server that does not listen yet, or a command that will stop its database.
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
