import type { EventType } from '../generated/graphql.ts';
import { eventTypes } from '../stream/event-types.ts';
import type { BucketCounts } from './create-counts.ts';
import { bucketOf, type ChartRange } from './range.ts';

export interface Column {
  /** Its start, in milliseconds since 1970. */
  begins: number;
  counts: ReadonlyMap<EventType, number>;
  /** Number of events of the drawn types. */
  all: number;
}

export interface StackedCounts {
  range: ChartRange;
  /** The columns of the range, oldest first. */
  columns: readonly Column[];
  /** Whether a type is drawn. */
  shown: (type: EventType) => boolean;
  /** Events of the range by type, for all types. */
  totals: ReadonlyMap<EventType, number>;
  /** The highest column. */
  most: number;
}

const NONE: ReadonlyMap<EventType, number> = new Map();

/**
 * Returns the columns of a range that ends now.
 *
 * @param types the drawn types; empty: all
 */
export function stackCounts(
  buckets: BucketCounts,
  types: readonly EventType[],
  nowMs: number,
  range: ChartRange,
): StackedCounts {
  const shown = (type: EventType) => types.length === 0 || types.includes(type);
  const last = bucketOf(nowMs, range);
  const totals = new Map<EventType, number>(eventTypes.map((type) => [type, 0]));
  const columns: Column[] = [];
  for (let begins = last - range.ms + range.bucketMs; begins <= last; begins += range.bucketMs) {
    const counts = buckets.get(begins) ?? NONE;
    let all = 0;
    for (const [type, count] of counts) {
      totals.set(type, (totals.get(type) ?? 0) + count);
      if (shown(type)) all += count;
    }
    // A copy, since the counts go on.
    columns.push({ begins, counts: new Map(counts), all });
  }
  return { range, columns, shown, totals, most: Math.max(0, ...columns.map(({ all }) => all)) };
}
