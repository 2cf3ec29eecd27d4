import { setTimeout as delay } from 'node:timers/promises';
import { readDatabaseRecord } from './database-record.ts';
import { identifyProcess } from './identify-process.ts';

const TERM_TIMEOUT_MS = 5_000;
const KILL_TIMEOUT_MS = 5_000;
const POLL_MS = 25;

/**
 * Ends the database that a killed server left running on `dataDir` (absolute) and waits until it is
 * gone. It ends a process only if the recorded pid has the recorded start time and its command line
 * names this directory. The caller holds the directory's lock, so no living server owns it.
 *
 * @throws Error if the process does not end.
 */
export async function endOrphan(dataDir: string, progress: (line: string) => void): Promise<void> {
  const record = await readDatabaseRecord(dataDir);
  if (record?.pid === undefined) return;
  const { pid, processStart } = record;
  const found = await identifyProcess(pid);
  if (found?.start === undefined || found.start !== processStart) return;
  if (!found.command.includes(dataDir)) return;

  progress(`Ending the database of an earlier run that was killed (pid ${pid})`);
  const isGone = async () => (await identifyProcess(pid))?.start !== processStart;
  signal(pid, 'SIGTERM');
  if (await until(isGone, TERM_TIMEOUT_MS)) return;
  signal(pid, 'SIGKILL');
  if (await until(isGone, KILL_TIMEOUT_MS)) return;
  throw new Error(
    `The database of an earlier run (pid ${pid}) still has ${dataDir} and does not end. ` +
      'End it by hand, and start again.',
  );
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // The process ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function until(condition: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}
