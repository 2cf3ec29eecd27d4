import { LogUnavailableError } from '../../errors.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';

/** How often it is read, one time after the other, until an answer comes in time. */
const MAX_READS = 3;

export interface StaleCacheOptions<T> {
  read: () => Promise<T>;
  /** Gets what was read; of two reads under way the one that began later counts. */
  take: (value: T) => void;
  /** How old what is known may be, in milliseconds, before it is read again. */
  renewMs: number;
  /** How old it may be when it is acted upon, in milliseconds: a read takes its time as well. */
  trustMs: number;
}

/** How old something is that others change in the database, and how to know it anew. */
export interface StaleCache {
  /** True when what is known is young enough to act upon it. */
  isFresh(): boolean;
  /** Makes it so. @throws LogUnavailableError when it cannot be read, or not in time */
  ensureFresh(): Promise<void>;
  /** Reads it now. @throws LogUnavailableError when it cannot be read */
  refresh(): Promise<void>;
}

/** Nothing is read until it is asked for. */
export function createStaleCache<T>(options: StaleCacheOptions<T>): StaleCache {
  const { read, take, renewMs, trustMs } = options;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    // A clock that goes on while the process is stopped, as `performance` has it (CLOCK_MONOTONIC).
    // An answer tells how things were when it was asked for, which may be long ago.
    const startedMs = performance.now();
    const value = await mapDatabaseError(read());
    if (startedMs < readAtMs) return;
    readAtMs = startedMs;
    take(value);
  }

  const isYounger = (ageMs: number) => performance.now() - readAtMs <= ageMs;
  return {
    isFresh: () => isYounger(trustMs),
    async ensureFresh() {
      if (isYounger(renewMs)) return;
      for (let reads = 0; reads < MAX_READS; reads += 1) {
        reading ??= refresh().finally(() => {
          reading = undefined;
        });
        await reading;
        if (isYounger(trustMs)) return;
      }
      throw new LogUnavailableError('The database answers too slowly. Try again shortly.');
    },
    refresh,
  };
}
