import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseProgram } from './database-program.ts';
import { writeDatabaseRecord } from './database-record.ts';
import { launchDatabase, type RunningDatabase } from './launch-database.ts';

const MAX_DEATHS = 5;
const DEATHS_WINDOW_MS = 60_000;
const FIRST_BACK_OFF_MS = 100;

export interface SupervisionEvents {
  /** It exited. */
  onDown: (reason: string) => void;
  /** It accepts writes again, at the same address. */
  onUp: () => void;
  /** It exited more than 5 times within a minute and is not restarted. */
  onGaveUp: (error: Error) => void;
}

export interface SupervisedDatabase {
  readonly pid: number;
  close(): Promise<void>;
}

/**
 * Keeps `first` running: restarts it on the same port, so that clients reconnect, first at once and
 * then with growing delays.
 */
export function superviseDatabase(
  program: DatabaseProgram,
  first: RunningDatabase,
  options: { dataDir: string; port: number } & SupervisionEvents,
): SupervisedDatabase {
  const { dataDir, port } = options;
  const closing = new AbortController();
  let running = first;
  let deaths: number[] = [];
  let closed: Promise<void> | undefined;

  async function keepRunning(): Promise<void> {
    for (;;) {
      const reason = await running.exited;
      if (closing.signal.aborted) return;
      options.onDown(`${program.label} ended with ${reason}`);
      if (!(await restart(reason))) return;
      // A restart may succeed just when `close` is called.
      if (closing.signal.aborted) return running.stop();
      options.onUp();
    }
  }

  /** Resolves with true when it runs again, false when it is given up. */
  async function restart(reason: string): Promise<boolean> {
    let last = reason;
    while (!closing.signal.aborted) {
      const now = Date.now();
      deaths = [...deaths.filter((at) => at > now - DEATHS_WINDOW_MS), now];
      if (deaths.length > MAX_DEATHS) {
        options.onGaveUp(
          new Error(
            `The database ended ${deaths.length} times within a minute and is not started again. ` +
              `The last time: ${last}`,
          ),
        );
        return false;
      }
      try {
        const backOffMs = FIRST_BACK_OFF_MS * 2 ** (deaths.length - 1);
        await delay(backOffMs, undefined, { signal: closing.signal });
        running = await launchDatabase(program, port, { dataDir, signal: closing.signal });
        return true;
      } catch (error) {
        last = (error as Error).message;
      }
    }
    return false;
  }

  const finished = keepRunning();

  async function close(): Promise<void> {
    closing.abort();
    await running.stop();
    await finished;
    await writeDatabaseRecord(dataDir, { kind: program.kind, port });
  }

  return {
    get pid() {
      return running.pid;
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}
