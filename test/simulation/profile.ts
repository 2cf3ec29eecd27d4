import type { Random } from '../faults/random.ts';

/** What kind of machine room a run has; drawn from its seed. */
export interface Profile {
  /** `electionTimeoutMillis`: 10 s by default, less where somebody wants to be back sooner. */
  electionTimeoutMs: number;
  /** How often a fetch of a secondary is late, by 20 to 800 ms. */
  lag: number;
}

export function drawProfile(random: Random): Profile {
  return {
    electionTimeoutMs: random.pick([1_000, 2_000, 10_000]),
    lag: random.pick([0, 0.005, 0.05]),
  };
}
