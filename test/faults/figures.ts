/** Durations with statistics. */
export interface Durations {
  add(ms: number): void;
  count(): number;
  /** The percentile for a share of 0 to 1 (nearest rank); 0 without durations. */
  percentileMs(share: number): number;
}

export function createDurations(): Durations {
  const all: number[] = [];
  let isSorted = true;
  return {
    add(ms) {
      all.push(ms);
      isSorted = false;
    },
    count: () => all.length,
    percentileMs(share) {
      if (!isSorted) all.sort((one, other) => one - other);
      isSorted = true;
      const index = Math.min(all.length - 1, Math.ceil(all.length * share) - 1);
      return all[Math.max(0, index)] ?? 0;
    },
  };
}

/** Formats `{a: 1, b: {c: 2}}` as `a 1 · b c 2`. */
export function toLine(figures: object): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${toText(value)}`)
    .join(' · ');
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join('/');
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${name} ${toText(member)}`);
    return `(${members.join(', ')})`;
  }
  return String(value);
}

/** Rounds for display: whole from 100 on, otherwise to two decimals. */
export function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
