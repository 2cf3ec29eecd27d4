import limit from 'p-limit';
import type { Span } from '../log/read/log-reader.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { ProjectedLog } from './projection-batches.ts';

/** Maximum concurrent reads; further ones wait and leave the database to appends. */
const AT_ONCE = 8;

/** Runs a read of the current log with its span of positions. */
export type SnapshotRead = <T>(read: (span: Span) => Promise<T>) => Promise<T>;

/** Creates the snapshot read of the projections: each result is of one version of the log's state. */
export function createSnapshotRead({ tailer, state }: ProjectedLog): SnapshotRead {
  const limited = limit(AT_ONCE);
  return (read) =>
    limited(() =>
      state.run(({ removedUpTo: after }) =>
        mapDatabaseError(read({ after, upTo: Math.max(after, tailer.head()) })),
      ),
    );
}
