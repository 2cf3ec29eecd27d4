import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a run has started, ended in the opposite order, whatever becomes of it. */
export interface Run {
  /** Holds the data, and the logs of the servers. */
  readonly directory: string;
  /** Aborted when the run shall end early. */
  readonly signal: AbortSignal;
  /** How to end what was started. */
  onEnd(action: () => Promise<unknown> | unknown): void;
  /** What must be done even if the harness itself fails: no process may outlive it. */
  onExit(action: () => void): void;
  /** Ends everything. The directory stays if it is of use for somebody. */
  end(options: { keep: boolean }): Promise<void>;
}

export async function createRun(signal: AbortSignal): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), 'eventline-faults-'));
  // Everything that runs waits for it.
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
      // What is gone must not be signalled: its id may be somebody else's by now.
      lastActions = [];
      if (!keep) await rm(directory, { recursive: true, force: true });
    },
  };
}
