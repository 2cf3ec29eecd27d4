import { join } from 'node:path';
import { startEmbedded } from '../../src/embedded/start-embedded.ts';
import type { Findings } from './findings.ts';
import type { Run } from './run-directory.ts';

/** The embedded database as a process that faults can be applied to. */
export interface DatabaseProcess {
  readonly uri: string;
  /** Sends SIGKILL; resolves when the database has restarted and accepts writes. */
  kill(): Promise<void>;
  /** SIGSTOP. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
}

/** Starts the database in the run's directory; it ends with the run. */
export async function startDatabaseProcess(run: Run, findings: Findings): Promise<DatabaseProcess> {
  let onUp: () => void = () => undefined;
  let wasKilled = false;
  const starting = startEmbedded({
    dataDir: join(run.directory, 'database'),
    progress: (line) => process.stderr.write(`${line}\n`),
    onDown(reason) {
      if (!wasKilled) findings.add('wrong', `the database ended by itself: ${reason}`);
      wasKilled = false;
    },
    onUp: () => onUp(),
    onGaveUp: (error) => findings.add('wrong', error.message),
  });
  // Registered before the start, since an interruption may come in between.
  run.onEnd(async () => {
    const started = await starting.catch(() => undefined);
    started?.kill();
    await started?.close();
  });
  const database = await starting;
  run.onExit(database.kill);
  const signal = (name: NodeJS.Signals) => process.kill(database.pid, name);
  return {
    uri: database.uri,
    async kill() {
      const up = new Promise<void>((resolve) => {
        onUp = resolve;
      });
      wasKilled = true;
      signal('SIGKILL');
      await up;
    },
    pause: () => void signal('SIGSTOP'),
    resume: () => void signal('SIGCONT'),
  };
}
