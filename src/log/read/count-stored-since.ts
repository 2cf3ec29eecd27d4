import { countPositions } from '../state/log-state.ts';
import type { LogReader, Span } from './log-reader.ts';

/** Events per step of the search: one retried from quarantine is much older than those before it. */
const NEIGHBOURS = 5;

/**
 * Returns the position after which everything was received at or after an instant: by binary search,
 * since positions are in the order of receipt, apart from events retried from quarantine and
 * differences between the clocks of instances.
 */
async function findReceivedSince(
  reader: Pick<LogReader, 'read'>,
  head: number,
  since: Date,
): Promise<number> {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const { events } = await reader.read(
      { after: 0, upTo: middle + 1 },
      { limit: NEIGHBOURS, direction: 'backward' },
    );
    if (events.some(({ receivedAt }) => receivedAt >= since)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Returns a counter of the events received since an instant; the last boundaries are kept.
 *
 * @param occupied returns the parts of a span without the positions that a restore has skipped
 */
export function createStoredCounter(
  reader: Pick<LogReader, 'read'>,
  head: () => number,
  occupied: (span: Span) => readonly Span[],
  maxKept = 50,
): (since: Date) => Promise<number> {
  const boundaries = new Map<number, number>();
  const countBetween = (after: number, upTo: number) => countPositions(occupied({ after, upTo }));
  return async (since) => {
    const known = boundaries.get(since.getTime());
    const current = head();
    if (known !== undefined) return countBetween(known, current);
    const boundary = await findReceivedSince(reader, current, since);
    // Without an event since then the boundary still moves.
    if (boundary < current) boundaries.set(since.getTime(), boundary);
    for (const key of boundaries.keys()) if (boundaries.size > maxKept) boundaries.delete(key);
    return countBetween(boundary, current);
  };
}
