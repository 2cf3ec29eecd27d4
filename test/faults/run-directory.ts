import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that a run has started, which is ended in reverse order in any case. */
export interface Run {
  /** Holds the data and the servers' logs. */
  readonly directory: string;
  /** Aborted when the run should end early. */
  readonly signal: AbortSignal;
  /** Registers how to end a started part. */
  onEnd(action: () => Promise<unknown> | unknown): void;
  /** Registers what must be done even if the harness itself fails: no process may outlive it. */
  onExit(action: () => void): void;
  /** Ends everything. The directory is kept on request. */
  end(options: { keep: boolean }): Promise<void>;
}

export async function createRun(signal: AbortSignal): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), 'eventline-faults-'));
  // Every running part listens to it.
  setMaxListeners(0, signal);
  let lastActions: (() => void)[] = [];
  process.once('exit', () => {
    for (const action of lastActions) action();
  });
  const actions: (() => Promise<unknown> | unknown)[] = [];
  return {
    directory,
    signal,
    onExit: (action) => void lastActions.push(action),
    onEnd: (action) => void actions.push(action),
    async end({ keep }) {
      for (const action of actions.splice(0).reverse()) await action();
      // Exited processes must not be signalled: their ids may have been reused.
      lastActions = [];
      if (!keep) await rm(directory, { recursive: true, force: true });
    },
  };
}
