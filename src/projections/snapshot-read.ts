import limit from 'p-limit';
import type { Span } from '../log/read/log-reader.ts';
import { readAtStableEpoch } from '../log/state/read-at-stable-epoch.ts';
import type { LogWatermarks } from '../log/state/watermarks.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { ProjectedLog } from './projection-batches.ts';

/** Maximum concurrent reads; further ones wait and leave the database to appends. */
const AT_ONCE = 8;

/** Runs a read of the current log with its span of positions. */
export type SnapshotRead = <T>(read: (span: Span) => Promise<T>) => Promise<T>;

/**
 * Creates the snapshot read of the projections: the result was read under one erasure epoch and
 * without a removal; otherwise the read is repeated.
 */
export function createSnapshotRead({ tailer, erasures, bounds }: ProjectedLog): SnapshotRead {
  const run = limit(AT_ONCE);
  const removed = async (known: LogWatermarks) => (await known.ensureFresh()).removedUpTo;
  return async (read) => {
    for (;;) {
      const after = await removed(bounds);
      const span = { after, upTo: Math.max(after, tailer.head()) };
      const result = await run(() =>
        readAtStableEpoch(erasures, () => mapDatabaseError(read(span))),
      );
      if ((await removed(bounds)) <= after) return result;
    }
  };
}
