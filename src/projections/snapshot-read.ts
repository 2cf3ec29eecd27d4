import { LogUnavailableError } from '../errors.ts';
import type { Span } from '../log/read/log-reader.ts';
import { createFairQueue } from '../memory/create-fair-queue.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { ProjectedLog } from './projection-batches.ts';

/** Maximum concurrent reads; further ones wait and leave the database to appends. */
const AT_ONCE = 8;

/**
 * Runs a read of the current log with its span of positions.
 * @param viewer whose turn it counts as; reads without one, of which memory allows a viewer few, share
 * one turn
 */
export type SnapshotRead = <T>(read: (span: Span) => Promise<T>, viewer?: string) => Promise<T>;

/**
 * Creates the snapshot read of the projections: each result is of one version of the log's state.
 * Viewers take turns, since one viewer's queries may need thousands of reads.
 */
export function createSnapshotRead({
  tailer,
  state,
}: Pick<ProjectedLog, 'tailer' | 'state'>): SnapshotRead {
  const queue = createFairQueue(
    { atOnce: AT_ONCE, maxWaiting: Number.POSITIVE_INFINITY },
    () => new LogUnavailableError('too many reads are waiting'),
  );
  return (read, viewer) =>
    queue.run(viewer, () =>
      state.run(({ removedUpTo: after }) =>
        mapDatabaseError(read({ after, upTo: Math.max(after, tailer.head()) })),
      ),
    );
}
