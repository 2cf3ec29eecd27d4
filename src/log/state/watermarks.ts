import type { BoundsDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { createStaleCache } from './stale-cache.ts';

/** How old what is known here may be, in milliseconds, before it is read again. */
const MAX_AGE_MS = 5_000;
/**
 * How long positions are announced as removed before they are, in milliseconds: longer than anybody
 * trusts what they know, so that no page is read half removed by somebody who does not know yet.
 */
export const ANNOUNCE_MS = 3 * MAX_AGE_MS;

/** A run of positions that were never given out to an event that is kept, and never will be. */
export interface Gap {
  /** The last position before it. */
  after: number;
  /** The last position of it. */
  upTo: number;
}

/** Which positions hold no event although the log has gone beyond them. */
export interface Watermarks {
  /** All positions up to it have been removed by retention, or are about to be; 0 for none. */
  removedUpTo: number;
  /** In order. Each was left behind a restore, so that no position is given out twice. */
  gaps: readonly Gap[];
  /** True while nothing may be appended, because a gap is being made. */
  isClosed: boolean;
}

/** The bounds as this process knows them. */
export interface LogWatermarks {
  /** As last read. */
  current(): Watermarks;
  /**
   * As of the last few seconds: what was removed since is announced only, and still there.
   * @throws LogUnavailableError when they cannot be read
   */
  ensureFresh(): Promise<Watermarks>;
  /** Reads them now. @throws LogUnavailableError when they cannot be read */
  refresh(): Promise<Watermarks>;
  /** All positions up to it are settled: whatever is appended comes behind it. */
  floor(): number;
  /** The position that follows one: the next whole number that is not in a gap. */
  following(position: number): number;
}

/** Reads the bounds of a log from its `meta` collection. @throws LogUnavailableError */
export async function createWatermarks(meta: Collection<BoundsDocument>): Promise<LogWatermarks> {
  let bounds: Watermarks = { removedUpTo: 0, gaps: [], isClosed: false };
  const freshness = createStaleCache({
    read: () => meta.findOne({ _id: 'bounds' }, { readConcern: { level: 'majority' } }),
    take(document) {
      const { removedUpTo = 0, gaps = [], isClosed = false } = document ?? {};
      bounds = { removedUpTo, gaps, isClosed };
    },
    renewMs: MAX_AGE_MS,
    trustMs: MAX_AGE_MS,
  });

  await freshness.refresh();
  return {
    current: () => bounds,
    async refresh() {
      await freshness.refresh();
      return bounds;
    },
    async ensureFresh() {
      await freshness.ensureFresh();
      return bounds;
    },
    floor: () => Math.max(bounds.removedUpTo, bounds.gaps.at(-1)?.upTo ?? 0),
    following(position) {
      // In order, so that one which adjoins another is stepped over as well.
      let last = position;
      for (const { after, upTo } of bounds.gaps) if (last >= after && last < upTo) last = upTo;
      return last + 1;
    },
  };
}
