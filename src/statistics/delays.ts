/** Each bucket of a histogram is so much wider than the one before: what comes out is 0.5 % exact. */
const GROWTH = 1.01;

/** How often which delay occurred, in buckets that grow. */
export interface Delays {
  /** In all. */
  readonly count: number;
  /** From the shortest on. */
  readonly buckets: readonly { bucket: number; count: number }[];
}

/**
 * The bucket of the time between two instants, as an expression. What is below a millisecond, or
 * turned round by the sender's clocks, counts as no time at all.
 */
export function delayBucket(from: string, until: string) {
  const delayMs = { $subtract: [{ $toLong: until }, { $toLong: from }] };
  return { $toInt: { $floor: { $log: [{ $max: [1, delayMs] }, GROWTH] } } };
}

/** The delays of one key, from what a pipeline has pushed; a bucket of null is no delay. */
export function toDelays(pushed: readonly { bucket: unknown; count: unknown }[]): Delays {
  const buckets = pushed
    .filter(({ bucket }) => bucket !== null && bucket !== undefined)
    .map(({ bucket, count }) => ({ bucket: Number(bucket), count: Number(count) }))
    .sort((one, other) => one.bucket - other.bucket);
  return { count: buckets.reduce((sum, { count }) => sum + count, 0), buckets };
}

/**
 * The delay that so many of a hundred do not exceed (nearest rank), in milliseconds, within 0.5 %; null
 * when there is none.
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
