import { LogUnavailableError } from '../../errors.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';

/** Maximum consecutive reads until one answers in time. */
const MAX_READS = 3;

export interface StaleCacheOptions<T> {
  read: () => Promise<T>;
  /** Receives the value; of two concurrent reads the one that started later wins. */
  take: (value: T) => void;
  /** Age in milliseconds from which on the value is read again. */
  renewMs: number;
  /**
   * Maximum age in milliseconds of a value that is used; longer than `renewMs`, since a read takes
   * time.
   */
  trustMs: number;
}

/** Cached copy of shared database state, with a bound on its staleness. */
export interface StaleCache {
  /** True when the value is fresh enough to be used. */
  isFresh(): boolean;
  /**
   * Refreshes the value if it is stale. @throws LogUnavailableError when it cannot be read in time
   */
  ensureFresh(): Promise<void>;
  /** Reads the value now. @throws LogUnavailableError when it cannot be read */
  refresh(): Promise<void>;
}

/** Creates an empty cache; the first read happens on demand. */
export function createStaleCache<T>(options: StaleCacheOptions<T>): StaleCache {
  const { read, take, renewMs, trustMs } = options;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    // `performance` is monotonic and includes time in which the process was stopped
    // (CLOCK_MONOTONIC). The age counts from the request, since an answer may arrive much later.
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
