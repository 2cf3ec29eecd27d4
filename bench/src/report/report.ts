/** A table; numbers have three significant digits, undefined is an empty cell. */
export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number | undefined)[])[];
}

/** One value of one contestant. */
export interface Point {
  series: string;
  x: number | string;
  y: number;
}

export interface Plot {
  /** End of the file name: `fanout-<name>.svg`. */
  name: string;
  title: string;
  kind: 'bars' | 'lines';
  x: string;
  y: string;
  /** Logarithmic axes, for values over several orders of magnitude. */
  logX?: boolean;
  logY?: boolean;
  points: readonly Point[];
}

/** A value to reach. */
export interface Target {
  metric: string;
  wanted: string;
  measured: number | undefined;
  reached: boolean | undefined;
}

/** The results of a task. */
export interface Report {
  task: string;
  title: string;
  /** How it was measured, and what was omitted. */
  notes: readonly string[];
  tables: readonly Table[];
  plots: readonly Plot[];
  targets: readonly Target[];
}

/** Compares a measured value with its target. */
export function target(
  metric: string,
  measured: number | undefined,
  wanted: { min: number } | { max: number },
): Target {
  const known = measured !== undefined && Number.isFinite(measured);
  const [sign, bound] =
    'min' in wanted ? (['at least', wanted.min] as const) : (['at most', wanted.max] as const);
  const holds = known && ('min' in wanted ? measured >= bound : measured <= bound);
  return {
    metric,
    wanted: `${sign} ${bound}`,
    measured: known ? measured : undefined,
    reached: known ? holds : undefined,
  };
}

/** Returns a ratio; undefined when one of the values was not measured. */
export function ratio(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other;
}
