/** A table; numbers are shown with three significant digits, undefined as nothing. */
export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number | undefined)[])[];
}

/** Values of one contestant at one x. */
export interface Point {
  series: string;
  x: number | string;
  y: number;
}

export interface Plot {
  /** The end of the file's name: `fanout-<name>.svg`. */
  name: string;
  title: string;
  kind: 'bars' | 'lines';
  x: string;
  y: string;
  /** Both axes logarithmic where a figure goes over several orders. */
  logX?: boolean;
  logY?: boolean;
  points: readonly Point[];
}

/** A figure that was to be reached. */
export interface Goal {
  what: string;
  wanted: string;
  got: number | undefined;
  reached: boolean | undefined;
}

/** What came of a work. */
export interface Report {
  work: string;
  title: string;
  /** How it was measured, and what was left out. */
  notes: readonly string[];
  tables: readonly Table[];
  plots: readonly Plot[];
  goals: readonly Goal[];
}

/** A goal: a figure that must be at least, or at most, so much. */
export function goal(
  what: string,
  got: number | undefined,
  wanted: { least: number } | { most: number },
): Goal {
  const known = got !== undefined && Number.isFinite(got);
  const [sign, bound] =
    'least' in wanted ? (['at least', wanted.least] as const) : (['at most', wanted.most] as const);
  const holds = known && ('least' in wanted ? got >= bound : got <= bound);
  return {
    what,
    wanted: `${sign} ${bound}`,
    got: known ? got : undefined,
    reached: known ? holds : undefined,
  };
}

/** A ratio, or undefined when one of the two was not measured. */
export function ratio(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other;
}
