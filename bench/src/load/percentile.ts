/** Returns percentiles of some values (0.5 is the median); NaN without values. */
export function percentile(values: readonly number[], ...parts: number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return parts.map(
    (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN,
  );
}
