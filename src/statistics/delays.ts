/** Growth factor of the histogram's buckets; percentiles then have a relative error of at most 0.5 %. */
const GROWTH = 1.01;

/** Histogram of delays with exponential buckets. */
export interface Delays {
  /** Total number of delays. */
  readonly count: number;
  /** Sorted by length, shortest first. */
  readonly buckets: readonly { bucket: number; count: number }[];
}

/**
 * Returns the aggregation expression for the bucket of the time between two instants. Delays below
 * a millisecond, and negative ones from the sender's clocks, count as zero.
 */
export function delayBucket(from: string, until: string) {
  const delayMs = { $subtract: [{ $toLong: until }, { $toLong: from }] };
  return { $toInt: { $floor: { $log: [{ $max: [1, delayMs] }, GROWTH] } } };
}

/** Builds the histogram of one key from the pipeline's output; a bucket of null means no delay. */
export function toDelays(pushed: readonly { bucket: unknown; count: unknown }[]): Delays {
  const buckets = pushed
    .filter(({ bucket }) => bucket !== null && bucket !== undefined)
    .map(({ bucket, count }) => ({ bucket: Number(bucket), count: Number(count) }))
    .sort((one, other) => one.bucket - other.bucket);
  return { count: buckets.reduce((sum, { count }) => sum + count, 0), buckets };
}

/**
 * Returns the percentile by the nearest-rank method in milliseconds, with a relative error of at
 * most 0.5 %; null for an empty histogram.
 *
 * @param percent above 0, up to 100
 */
export function percentileOf({ count, buckets }: Delays, percent: number): number | null {
  const rank = Math.ceil((percent / 100) * count);
  let before = 0;
  for (const { bucket, count: size } of buckets) {
    before += size;
    if (before >= rank) return bucket === 0 ? 0 : Math.round(GROWTH ** (bucket + 0.5));
  }
  return null;
}
