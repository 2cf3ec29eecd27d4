import type { Bench } from './bench.ts';

/** The note of such a task. */
export const ONE_ROUND = 'Measured in one round.';

/**
 * Returns the bench with one round, for tasks that need no median: memory does not depend on the
 * load of the machine, and an outlier on a curve is visible.
 */
export function withOneRound(bench: Bench): Bench {
  return { ...bench, options: { ...bench.options, rounds: 1 } };
}
