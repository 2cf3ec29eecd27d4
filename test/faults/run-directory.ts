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
  /** Ends everything. The directory stays if it is of use for somebody. */
  end(options: { keep: boolean }): Promise<void>;
}

export async function createRun(signal: AbortSignal): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), 'eventline-faults-'));
  // Everything that runs waits for it.
  setMaxListeners(0, signal);
  const actions: (() => Promise<unknown> | unknown)[] = [];
  return {
    directory,
    signal,
    onEnd: (action) => void actions.push(action),
    async end({ keep }) {
      for (const action of actions.splice(0).reverse()) await action();
      if (!keep) await rm(directory, { recursive: true, force: true });
    },
  };
}
