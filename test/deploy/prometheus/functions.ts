import { type Labels, labelsKey, type Point } from './time-series.ts';

/** An element of an instant vector. */
export interface Element {
  labels: Labels;
  value: number;
}

/**
 * Returns the growth of a counter in a range that ends at `endMs`, extrapolated to the whole range
 * as Prometheus does; undefined for fewer than two points. Source: prometheus/promql/functions.go,
 * extrapolatedRate.
 */
export function increase(
  points: readonly Point[],
  endMs: number,
  rangeMs: number,
): number | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  let grown = 0;
  // A counter that decreases was reset, and has grown from 0 since.
  points.slice(1).forEach(({ value }, index) => {
    const before = points[index]?.value ?? 0;
    grown += value < before ? value : value - before;
  });
  const sampledMs = last.atMs - first.atMs;
  const betweenMs = sampledMs / (points.length - 1);
  const bounded = (ms: number) => (ms >= betweenMs * 1.1 ? betweenMs / 2 : ms);
  let toStartMs = bounded(first.atMs - (endMs - rangeMs));
  if (grown > 0) toStartMs = Math.min(toStartMs, sampledMs * (first.value / grown));
  const toEndMs = bounded(endMs - last.atMs);
  return grown * ((sampledMs + toStartMs + toEndMs) / sampledMs);
}

/**
 * Computes quantiles of histograms from their buckets (`le`). Source:
 * prometheus/promql/quantile.go, BucketQuantile.
 */
export function histogramQuantile(quantile: number, elements: readonly Element[]): Element[] {
  const histograms = new Map<
    string,
    { labels: Labels; buckets: { le: number; count: number }[] }
  >();
  for (const { labels, value } of elements) {
    const { le, ...rest } = labels;
    if (le === undefined) continue;
    const key = labelsKey(rest);
    const histogram = histograms.get(key) ?? { labels: rest, buckets: [] };
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
    histogram.buckets.push({ le: bound, count: value });
    histograms.set(key, histogram);
  }
  return [...histograms.values()].map(({ labels, buckets }) => {
    buckets.sort((one, other) => one.le - other.le);
    return { labels, value: quantileOf(quantile, buckets) };
  });
}

function quantileOf(quantile: number, buckets: readonly { le: number; count: number }[]): number {
  const total = buckets.at(-1)?.count ?? 0;
  if (buckets.at(-1)?.le !== Number.POSITIVE_INFINITY || buckets.length < 2 || total === 0) {
    return Number.NaN;
  }
  const rank = quantile * total;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[index];
  // Above all bounds only the last bound is known.
  if (bucket === undefined || index === buckets.length - 1) return buckets.at(-2)?.le ?? Number.NaN;
  const { le: start = 0, count: below = 0 } = buckets[index - 1] ?? {};
  if (index === 0 && bucket.le <= 0) return bucket.le;
  return start + (bucket.le - start) * ((rank - below) / (bucket.count - below));
}
