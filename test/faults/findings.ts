/** Kinds of violations: an event is missing, duplicated, out of order, or wrong otherwise. */
export type Violation = 'lost' | 'doubled' | 'disordered' | 'wrong';

/** Counts all violations, and keeps descriptions of the first ones. */
export interface Findings {
  add(kind: Violation, what: string): void;
  count(kind: Violation): number;
  any(): boolean;
  /** Descriptions of the first violations. */
  first(): readonly string[];
}

const MAX_KEPT = 25;

export function createFindings(): Findings {
  const counts: Record<Violation, number> = { lost: 0, doubled: 0, disordered: 0, wrong: 0 };
  const kept: string[] = [];
  return {
    add(kind, what) {
      counts[kind] += 1;
      if (kept.length < MAX_KEPT) kept.push(`${kind}: ${what}`);
    },
    count: (kind) => counts[kind],
    any: () => Object.values(counts).some((count) => count > 0),
    first: () => kept,
  };
}
