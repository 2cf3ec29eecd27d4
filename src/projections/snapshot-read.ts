import limit from 'p-limit';
import type { Span } from '../log/read/log-reader.ts';
import { ofOneEpoch } from '../log/state/read-at-stable-epoch.ts';
import type { KnownBounds } from '../log/state/watermarks.ts';
import { orUnavailable } from '../storage/map-database-error.ts';
import type { FoldedLog } from './projection-batches.ts';

/** Reads for views that are under way at once: more wait, and leave the database to the appends. */
const AT_ONCE = 8;

/** Does a read of what the log holds now, and gives it the span of that. */
export type Look = <T>(read: (span: Span) => Promise<T>) => Promise<T>;

/**
 * Makes the way in which views look at the database: what comes was read while nobody was erased and
 * nothing was removed, or it is read once more.
 */
export function createLook({ follower, erasures, bounds }: FoldedLog): Look {
  const run = limit(AT_ONCE);
  const removed = async (known: KnownBounds) => (await known.fresh()).removedUpTo;
  return async (read) => {
    for (;;) {
      const after = await removed(bounds);
      const span = { after, upTo: Math.max(after, follower.head()) };
      const result = await run(() => ofOneEpoch(erasures, () => orUnavailable(read(span))));
      if ((await removed(bounds)) <= after) return result;
    }
  };
}
