import type { Random } from '../faults/random.ts';

/** The characteristics of a run's machines, drawn from its seed. */
export interface Profile {
  /** `electionTimeoutMillis`: 10 s by default, sometimes less. */
  electionTimeoutMs: number;
  /** Probability that a secondary's fetch is late, by 20 to 800 ms. */
  lag: number;
}

export function drawProfile(random: Random): Profile {
  return {
    electionTimeoutMs: random.pick([1_000, 2_000, 10_000]),
    lag: random.pick([0, 0.005, 0.05]),
  };
}
