/** The values that so large a part of the values does not exceed (0.5: the median); NaN for none. */
export function percentile(values: readonly number[], ...parts: number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return parts.map(
    (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN,
  );
}
