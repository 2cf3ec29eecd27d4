import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from './run-directory.ts';

const LOOK_MS = 50;
const TOOK = 'this instance took the writer lease';

/** A taking of the writer lease. */
export interface Taken {
  /** Number of the server in the cluster. */
  server: number;
  /** By `Date.now()`. */
  atMs: number;
}

export interface LeaseWatch {
  /** All takings of the lease, in order of time. */
  taken(): readonly Taken[];
}

/** Returns the time of a line of the log, by `Date.now()`. */
function timeOf(line: string): number {
  const atMs = Date.parse(JSON.parse(line).time);
  if (Number.isNaN(atMs)) throw new Error(`this line of a log has no time: ${line}`);
  return atMs;
}

/** Watches the servers' logs for takings of the writer lease, until the run ends. */
export function watchLease(run: Run, names: readonly string[]): LeaseWatch {
  const taken: Taken[] = [];
  const offsets = names.map(() => 0);
  const stop = new AbortController();

  async function look(server: number): Promise<void> {
    const file = await open(join(run.directory, `${names[server]}.log`));
    try {
      const offset = offsets[server] ?? 0;
      const size = (await file.stat()).size - offset;
      if (size === 0) return;
      const { buffer } = await file.read(Buffer.alloc(size), 0, size, offset);
      const end = buffer.lastIndexOf('\n') + 1;
      offsets[server] = offset + end;
      const lines = buffer.toString('utf8', 0, end).split('\n');
      for (const line of lines.filter((each) => each.includes(TOOK))) {
        taken.push({ server, atMs: timeOf(line) });
      }
    } finally {
      await file.close();
    }
  }

  async function watch(): Promise<void> {
    while (!stop.signal.aborted) {
      for (const server of names.keys()) await look(server);
      taken.sort((one, other) => one.atMs - other.atMs);
      await delay(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  const watching = watch();
  run.onEnd(async () => {
    stop.abort();
    await watching;
  });
  return { taken: () => taken };
}
