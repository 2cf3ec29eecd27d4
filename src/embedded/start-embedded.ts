import { mkdir, realpath } from 'node:fs/promises';
import { chooseProgram } from './choose-program.ts';
import { rotateDatabaseLog } from './database-log.ts';
import { type DatabaseProgram, type EmbeddedKind, emptyConfigFile } from './database-program.ts';
import { databaseUri, readDatabaseRecord } from './database-record.ts';
import { endOrphan } from './end-orphan.ts';
import { DatabaseStartError } from './errors.ts';
import { freePort, isPortFree } from './free-port.ts';
import { launchDatabase, type RunningDatabase } from './launch-database.ts';
import { replaceFile } from './lock-record.ts';
import { superviseDatabase } from './supervise-database.ts';

const PORT_ATTEMPTS = 5;

export interface EmbeddedOptions {
  /** Created with mode 0700 if it is missing. The caller holds its lock (`lockDirectory`). */
  dataDir: string;
  /** `auto` (the default): what the machine has. `download`: MongoDB from its vendor. */
  choice?: 'auto' | 'download';
  /**
   * Environment for PATH, HOME and XDG_CACHE_HOME, and of the database. Default: that of this
   * process.
   */
  env?: NodeJS.ProcessEnv;
  /** Called with progress lines for slow or unexpected steps. */
  progress?: (line: string) => void;
  /** The database exited and is being restarted. */
  onDown?: (reason: string) => void;
  /** It accepts writes again, at the same URI. */
  onUp?: () => void;
  /** It exited more than 5 times within a minute and is not restarted. */
  onGaveUp?: (error: Error) => void;
}

export interface EmbeddedDatabase {
  readonly kind: EmbeddedKind;
  /** Name and version for a log line: "SecantusDB 0.7.0b3 (Python 3.11.7)". */
  readonly label: string;
  /** Unchanged across restarts. */
  readonly uri: string;
  /** Of the current process. */
  readonly pid: number;
  /** Kills the database at once, for a process that must exit now; durable data stays durable. */
  kill(): void;
  /** Ends the database: SIGTERM, after 10 s SIGKILL. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the development database on `dataDir` and keeps it running until `close()`. Resolves when
 * it accepts writes.
 *
 * @throws EmbeddedUnavailableError if no program is available.
 * @throws DatabaseStartError with the end of its output if it does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { choice = 'auto', env = process.env, progress = () => {} } = options;
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  // The canonical path, by which an orphan's command line is recognised.
  const dataDir = await realpath(options.dataDir);

  await endOrphan(dataDir, progress);
  const program = await chooseProgram(choice, { dataDir, env, progress });
  await rotateDatabaseLog(dataDir);
  await replaceFile(
    emptyConfigFile(dataDir),
    '# Empty on purpose: the server gives it all its settings.\n',
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
        // It has already exited.
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
