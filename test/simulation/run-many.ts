import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Outcome } from './run-seed.ts';

/** The outcome of a seed that its process reports, without the lines of the trace. */
export type Told = Omit<Outcome, 'lines'> & { cpuMs: number };

export interface Seeds {
  from: number;
  count: number;
}

/** The process of a run ended by itself, which tells nothing about the rules. */
export class RunCrashedError extends Error {
  override readonly name = 'RunCrashedError';
}

/** Maximum real time of a run, in milliseconds, against endless loops. */
const RUN_MS = 600_000;

/** A large young generation: nearly all objects of a run are short-lived. */
const EXEC_ARGV = ['--enable-source-maps', '--max-semi-space-size=32'];

const NOTHING = {
  ...{ digest: '', simulatedMs: 0, events: 0, acknowledged: 0, elections: 0, rolledBack: 0 },
  ...{ erasures: 0, cpuMs: 0 },
};

/**
 * Runs seeds in as many processes as there are processors.
 *
 * @param program the compiled program, which runs the seeds that it receives by message
 * @param onOutcome called after each run; false ends all of them
 * @throws RunCrashedError if a process ends during a run
 */
export async function runMany(
  program: string,
  { from, count }: Seeds,
  onOutcome: (outcome: Told) => boolean,
): Promise<void> {
  let next = from;
  const end = from + count;
  const tell = (outcome: Told) => {
    if (!onOutcome(outcome)) next = end;
  };

  async function work(): Promise<void> {
    while (next < end) await runUntilExit();
  }

  /** Sends seeds to one process, until there are no more or a run does not end. */
  function runUntilExit(): Promise<void> {
    const worker = fork(program, ['worker'], { execArgv: EXEC_ARGV });
    let seed: number | undefined;
    let limit: NodeJS.Timeout | undefined;
    let isEndless = false;
    const give = () => {
      clearTimeout(limit);
      seed = next < end ? next++ : undefined;
      if (seed === undefined) {
        worker.disconnect();
        return;
      }
      worker.send({ seed });
      limit = setTimeout(() => {
        isEndless = true;
        worker.kill('SIGKILL');
      }, RUN_MS);
    };
    worker.on('message', (outcome: Told) => {
      seed = undefined;
      tell(outcome);
      give();
    });
    give();
    return new Promise((resolve, reject) => {
      worker.on('exit', (code, signal) => {
        clearTimeout(limit);
        if (seed === undefined) resolve();
        else if (isEndless) {
          tell({ ...NOTHING, seed, violation: { rule: 'hang', text: 'the run does not end' } });
          resolve();
        } else {
          next = end;
          reject(new RunCrashedError(`seed ${seed}: the process ended with ${code ?? signal}`));
        }
      });
    });
  }

  await Promise.all(Array.from({ length: Math.min(count, availableParallelism()) }, work));
}
