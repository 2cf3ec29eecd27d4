import type { BoundsDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { createStaleCache } from './stale-cache.ts';

/** Age in milliseconds from which on the watermarks are read again. */
const MAX_AGE_MS = 5_000;
/**
 * How long a removal is announced before it happens, in milliseconds: longer than any instance
 * trusts its cached watermarks, so that none reads a half-removed page unaware.
 */
export const ANNOUNCE_MS = 3 * MAX_AGE_MS;

/** A range of positions that will never hold an event. */
export interface Gap {
  /** The last position before the range. */
  after: number;
  /** The last position of the range. */
  upTo: number;
}

/** The positions below the head that hold no event. */
export interface Watermarks {
  /** Retention has removed all positions up to this one, or is about to; 0 for none. */
  removedUpTo: number;
  /** Sorted. A restore leaves one, so that no position is assigned twice. */
  gaps: readonly Gap[];
  /** True while a gap is being created and nothing may be appended. */
  isClosed: boolean;
}

/** The watermarks as this process knows them. */
export interface LogWatermarks {
  /** As last read. */
  current(): Watermarks;
  /**
   * At most a few seconds old: anything removed since is only announced and still present.
   * @throws LogUnavailableError when they cannot be read
   */
  ensureFresh(): Promise<Watermarks>;
  /** Reads them now. @throws LogUnavailableError when they cannot be read */
  refresh(): Promise<Watermarks>;
  /** All positions up to this one are settled; appends come after it. */
  floor(): number;
  /** Returns the position after the given one: the next integer outside a gap. */
  following(position: number): number;
}

/** Reads the watermarks of a log from its `meta` collection. @throws LogUnavailableError */
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
      // Sorted, so that adjacent gaps are skipped together.
      let last = position;
      for (const { after, upTo } of bounds.gaps) if (last >= after && last < upTo) last = upTo;
      return last + 1;
    },
  };
}
