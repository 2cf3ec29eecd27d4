/** Durations, and what can be said of them. */
export interface Durations {
  add(ms: number): void;
  count(): number;
  /** The smallest one that so large a share (0 to 1) does not exceed; 0 if there is none. */
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

/** `{a: 1, b: {c: 2}}` as `a 1 · b c 2`: one line for people. */
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

/** Rounded for a line: whole from 100 on, else two digits behind the point at most. */
export function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
