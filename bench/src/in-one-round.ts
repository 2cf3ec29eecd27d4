import type { Bench } from './bench.ts';

/** Stands in the notes of such a work. */
export const ONE_ROUND = 'Measured in one round.';

/**
 * The bench for a work of which one round is enough: memory does not depend on what else the machine
 * does, and a curve shows by itself where a point lies beside it.
 */
export function inOneRound(bench: Bench): Bench {
  return { ...bench, options: { ...bench.options, rounds: 1 } };
}
