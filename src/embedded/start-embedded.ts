import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { chooseProgram } from './choose-program.ts';
import { rotateDatabaseLog } from './database-log.ts';
import { type DatabaseProgram, type EmbeddedKind, emptyConfigFile } from './database-program.ts';
import { databaseUri, readDatabaseRecord } from './database-record.ts';
import { endOrphan } from './end-orphan.ts';
import { DatabaseStartError } from './errors.ts';
import { freePort, isPortFree } from './free-port.ts';
import { launchDatabase, type RunningDatabase } from './launch-database.ts';
import { superviseDatabase } from './supervise-database.ts';

const PORT_ATTEMPTS = 5;

export interface EmbeddedOptions {
  /** Made with mode 0700 if it is missing. The caller has its lock (`lockDirectory`). */
  dataDir: string;
  /** `auto` (the default): what the machine has. `download`: MongoDB from its makers. */
  choice?: 'auto' | 'download';
  /** Where PATH, HOME and XDG_CACHE_HOME are looked up; also the database's. Default: ours. */
  env?: NodeJS.ProcessEnv;
  /** Gets what takes time or may surprise, a line at a time. */
  progress?: (line: string) => void;
  /** The database ended by itself; it is being started again. */
  onDown?: (reason: string) => void;
  /** It takes writes again, under the same uri. */
  onUp?: () => void;
  /** It ended more than 5 times within a minute and is not started again. */
  onGaveUp?: (error: Error) => void;
}

export interface EmbeddedDatabase {
  readonly kind: EmbeddedKind;
  /** What runs, for a line in the log: "SecantusDB 0.7.0b3 (Python 3.11.7)". */
  readonly label: string;
  /** Stays the same across restarts after a death. */
  readonly uri: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Ends the database at once, for a process that has no time left; what is durable stays so. */
  kill(): void;
  /** Ends the database: SIGTERM, after 10 s SIGKILL. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the development database on the data in `dataDir` and keeps it running until `close()`.
 * Resolves when it takes writes.
 *
 * @throws EmbeddedUnavailableError if this machine has none that can be used.
 * @throws DatabaseStartError with the end of its output if it does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { choice = 'auto', env = process.env, progress = () => {} } = options;
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  // One spelling, by which an orphan's command line is recognised.
  const dataDir = await realpath(options.dataDir);

  await endOrphan(dataDir, progress);
  const program = await chooseProgram(choice, { dataDir, env, progress });
  await rotateDatabaseLog(dataDir);
  await writeFile(
    emptyConfigFile(dataDir),
    '# Empty on purpose: the server gives it all its settings.\n',
    {
      mode: 0o600,
    },
  );

  const { running, port } = await launchOnFreePort(program, dataDir);
  const supervised = superviseDatabase(program, running, {
    dataDir,
    port,
    onDown: options.onDown ?? (() => {}),
    onUp: options.onUp ?? (() => {}),
    onGaveUp: options.onGaveUp ?? (() => {}),
  });
  return {
    kind: program.kind,
    label: program.label,
    uri: databaseUri(port),
    get pid() {
      return supervised.pid;
    },
    kill() {
      try {
        process.kill(supervised.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    },
    close: () => supervised.close(),
  };
}

async function launchOnFreePort(
  program: DatabaseProgram,
  dataDir: string,
): Promise<{ running: RunningDatabase; port: number }> {
  const preferred = (await readDatabaseRecord(dataDir))?.port;
  const { signal } = new AbortController();
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(preferred);
    try {
      return { running: await launchDatabase(program, port, { dataDir, signal }), port };
    } catch (error) {
      const clash =
        error instanceof DatabaseStartError && error.exited && !(await isPortFree(port));
      if (!clash || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}
