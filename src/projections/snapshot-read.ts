import limit from 'p-limit';
import type { Span } from '../log/read/log-reader.ts';
import { readAtStableEpoch } from '../log/state/read-at-stable-epoch.ts';
import type { LogWatermarks } from '../log/state/watermarks.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { ProjectedLog } from './projection-batches.ts';

/** Reads for views that are under way at once: more wait, and leave the database to the appends. */
const AT_ONCE = 8;

/** Does a read of what the log holds now, and gives it the span of that. */
export type SnapshotRead = <T>(read: (span: Span) => Promise<T>) => Promise<T>;

/**
 * Makes the way in which views look at the database: what comes was read while nobody was erased and
 * nothing was removed, or it is read once more.
 */
export function createSnapshotRead({ follower, erasures, bounds }: ProjectedLog): SnapshotRead {
  const run = limit(AT_ONCE);
  const removed = async (known: LogWatermarks) => (await known.ensureFresh()).removedUpTo;
  return async (read) => {
    for (;;) {
      const after = await removed(bounds);
      const span = { after, upTo: Math.max(after, follower.head()) };
      const result = await run(() =>
        readAtStableEpoch(erasures, () => mapDatabaseError(read(span))),
      );
      if ((await removed(bounds)) <= after) return result;
    }
  };
}
