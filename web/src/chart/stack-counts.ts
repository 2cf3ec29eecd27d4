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
  /** Number of events of the drawn types. */
  drawn: number;
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
  const heights = columns.map(({ all }) => all);
  const drawn = heights.reduce((sum, height) => sum + height, 0);
  return { range, columns, shown, drawn, totals, most: Math.max(0, ...heights) };
}

/**
 * Returns the number of drawn events in a span of time.
 *
 * @returns undefined unless the span consists of whole columns of the chart
 */
export function countWithin(
  { columns, range: { bucketMs } }: StackedCounts,
  { from, until }: { from: string; until: string | undefined },
): number | undefined {
  const first = columns.findIndex(({ begins }) => begins === Date.parse(from));
  const end = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  if (first < 0 || (until !== undefined && end % bucketMs !== 0)) return undefined;
  const within = columns.slice(first).filter(({ begins }) => begins < end);
  return within.reduce((sum, { all }) => sum + all, 0);
}
