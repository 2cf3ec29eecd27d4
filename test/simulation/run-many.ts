import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Outcome } from './run-seed.ts';

/** What a process that runs seeds tells of each; the lines of the trace stay with it. */
export type Told = Omit<Outcome, 'lines'> & { cpuMs: number };

export interface Seeds {
  from: number;
  count: number;
}

/**
 * Runs seeds in as many processes as there are processors.
 *
 * @param program the compiled program, which runs seeds when it is told to by a message
 * @param onOutcome told of each run; false ends all of them
 */
export async function runMany(
  program: string,
  { from, count }: Seeds,
  onOutcome: (outcome: Told) => boolean,
): Promise<void> {
  let next = from;
  const end = from + count;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(program, ['worker'], { execArgv: ['--enable-source-maps'] });
      const give = () => {
        if (next < end) worker.send({ seed: next++ });
        else worker.disconnect();
      };
      worker.on('message', (outcome: Told) => {
        if (!onOutcome(outcome)) next = end;
        give();
      });
      worker.on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`a process that ran seeds ended with ${code}`));
      });
      give();
    });
  await Promise.all(Array.from({ length: Math.min(count, availableParallelism()) }, work));
}
