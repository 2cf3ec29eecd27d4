import type { Occurrence } from './latest.ts';

/** A user's plan after an event. */
export interface StatusStep extends Occurrence {
  readonly code: number;
  /** The plan before the event; absent if the event does not say, such as a login. */
  readonly from?: number | undefined;
}

/** More events of one instant keep their order: the time to chain them grows with their square. */
export const MAX_TIES = 32;

/**
 * Orders the events of each instant so that each begins with the plan with which the one before
 * ended. Their order of arrival says nothing, and with an instant in whole seconds ties are common.
 *
 * @param steps in the order of `compareOccurrences`, which decides where the chain leaves a choice
 */
export function chainTies(steps: readonly StatusStep[]): StatusStep[] {
  const ordered: StatusStep[] = [];
  for (let start = 0; start < steps.length; ) {
    const instant = steps[start]?.instant;
    let end = start + 1;
    while (steps[end]?.instant === instant) end += 1;
    const tied = steps.slice(start, end);
    const known = { before: ordered.at(-1)?.code, after: steps[end]?.from };
    const isChained = tied.length > 1 && tied.length <= MAX_TIES;
    ordered.push(...(isChained ? chain(tied, known) : tied));
    start = end;
  }
  return ordered;
}

/** Returns where a step begins: a login confirms the plan that it names. */
function beginOf({ from, code }: StatusStep): number {
  return from ?? code;
}

/** The plans with which the instant before ended and the one after begins, as far as known. */
interface Known {
  before: number | undefined;
  after: number | undefined;
}

/**
 * Returns the steps as few trails: each from the plan before, with all circuits that return to a plan
 * on it (the algorithm of Hierholzer for Eulerian trails).
 */
function chain(steps: readonly StatusStep[], { before, after }: Known): StatusStep[] {
  const left = new Set(steps);
  const ordered: StatusStep[] = [];
  let plan = before;
  while (left.size > 0) {
    const start = startOf(left, { before: plan, after });
    const trail = takeTrail(left, start);
    for (let place = 0; place <= trail.length; place += 1) {
      trail.splice(place, 0, ...takeCircuit(left, trail[place - 1]?.code ?? start));
    }
    ordered.push(...trail);
    plan = trail.at(-1)?.code;
  }
  return ordered;
}

/**
 * Returns the plan before if a step begins there, else a plan that more steps leave than reach. If
 * there is none, all are circuits, which end where they begin: at the plan after, if that is on one.
 */
function startOf(left: ReadonlySet<StatusStep>, { before, after }: Known): number {
  const surplus = new Map<number, number>();
  const add = (code: number, count: number) => surplus.set(code, (surplus.get(code) ?? 0) + count);
  for (const step of left) {
    add(beginOf(step), 1);
    add(step.code, -1);
  }
  const begins = [...left].map(beginOf);
  const isBegin = (code: number | undefined) => code !== undefined && begins.includes(code);
  if (isBegin(before)) return before as number;
  const source = begins.find((code) => (surplus.get(code) ?? 0) > 0);
  return source ?? ((isBegin(after) ? after : begins[0]) as number);
}

/** Takes steps that begin where the one before ended, the earliest first, while there is one. */
function takeTrail(left: Set<StatusStep>, start: number): StatusStep[] {
  const trail: StatusStep[] = [];
  for (let plan = start; ; ) {
    const next = [...left].find((step) => beginOf(step) === plan);
    if (next === undefined) return trail;
    left.delete(next);
    trail.push(next);
    plan = next.code;
  }
}

/** Takes a trail that returns to its start; none if there is no such trail. */
function takeCircuit(left: Set<StatusStep>, start: number): StatusStep[] {
  const rest = new Set(left);
  const trail = takeTrail(rest, start);
  if (trail.at(-1)?.code !== start) return [];
  for (const step of trail) left.delete(step);
  return trail;
}
