import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { databaseLogFile, readLogTail } from './database-log.ts';
import type { DatabaseProgram } from './database-program.ts';
import { writeDatabaseRecord } from './database-record.ts';
import { DatabaseStartError } from './errors.ts';
import { identifyProcess } from './identify-process.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const READY_TIMEOUT_MS = 60_000;
const TERM_TIMEOUT_MS = 10_000;

export interface RunningDatabase {
  pid: number;
  /** Resolves when the process has ended, with the reason: "exit code 1", "signal SIGKILL". */
  exited: Promise<string>;
  /** Sends SIGTERM, after 10 s SIGKILL; resolves when the process has ended. */
  stop(): Promise<void>;
}

/**
 * Starts the database once and returns when it accepts writes. Its output goes to
 * `DATA_DIR/database.log`, its pid to `DATA_DIR/database.json`.
 *
 * @param signal aborts the start and ends the process.
 * @throws DatabaseStartError if it exits or is not ready within a minute; its process has ended
 * then.
 */
export async function launchDatabase(
  program: DatabaseProgram,
  port: number,
  { dataDir, signal }: { dataDir: string; signal: AbortSignal },
): Promise<RunningDatabase> {
  await mkdir(program.dataFolder, { recursive: true, mode: 0o700 });
  const { running, logStart } = await spawnLogged(program, port, dataDir);
  const { pid } = running;

  const ended = new AbortController();
  let how: string | undefined;
  void running.exited.then((reason) => {
    how = reason;
    ended.abort();
  });
  const timeout = AbortSignal.timeout(READY_TIMEOUT_MS);
  const stopWaiting = AbortSignal.any([ended.signal, timeout, signal]);
  try {
    const processStart = (await identifyProcess(pid))?.start;
    const start = processStart === undefined ? {} : { processStart };
    await writeDatabaseRecord(dataDir, { kind: program.kind, port, pid, ...start });
    await waitUntilReady({ port, pid, initiate: program.initiate, signal: stopWaiting });
    return running;
  } catch (error) {
    const exited = how !== undefined;
    await running.stop();
    if (!stopWaiting.aborted) throw error;
    const cause = (error as Error).cause;
    const last = cause instanceof Error ? ` (${cause.message})` : '';
    const what = exited
      ? `ended with ${how}`
      : `did not answer in ${READY_TIMEOUT_MS / 1000} s${last}`;
    const tail = (await readLogTail(dataDir, logStart)) || '(nothing)';
    throw new DatabaseStartError(
      `${program.label} ${what}. Its output, from ${databaseLogFile(dataDir)}:\n${tail}`,
      exited,
    );
  }
}

async function spawnLogged(
  program: DatabaseProgram,
  port: number,
  dataDir: string,
): Promise<{ running: RunningDatabase; logStart: number }> {
  const log = await open(databaseLogFile(dataDir), 'a', 0o600);
  try {
    const logStart = (await log.stat()).size;
    const child = spawn(program.command, program.arguments(port), {
      cwd: dataDir,
      env: program.env,
      stdio: ['ignore', log.fd, log.fd],
      // Own process group: Ctrl-C in the terminal must reach only the server, which drains and then
      // ends the database.
      detached: true,
      windowsHide: true,
    });
    // Attached before the first await, since the program may exit earlier.
    const exited = endOf(child);
    await once(child, 'spawn');
    return { running: toRunning(child, exited), logStart };
  } catch (error) {
    throw new DatabaseStartError(`${program.label}: ${(error as Error).message}`, true);
  } finally {
    await log.close();
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
}

function toRunning(child: ChildProcess, exited: Promise<string>): RunningDatabase {
  return {
    // Defined, since the 'spawn' event was emitted.
    pid: child.pid as number,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), TERM_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
