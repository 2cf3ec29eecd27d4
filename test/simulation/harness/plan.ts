import type { Random } from '../../faults/random.ts';

/** The parameters of a run, all drawn from its seed. */
export interface Plan {
  instances: number;
  subscribers: number;
  users: number;
  /** Between two posts, in milliseconds; varies from half to one and a half times this. */
  pauseMs: number;
  /** Between two faults. */
  faultPauseMs: number;
  keepMs: number | undefined;
  capacity: number;
  pageSize: number;
  /** When the database is restored to a backup; undefined for never. */
  restoreAtMs: number | undefined;
  erasures: number;
  /** Maximum entries of the inbox. */
  maxInboxEvents: number;
}

/** How long faults occur, in milliseconds; a quiet time follows. */
export const FAULTS_MS = 290_000;

export function drawPlan(random: Random): Plan {
  return {
    instances: random.pick([1, 2, 2, 3]),
    subscribers: random.whole(2, 4),
    users: random.whole(3, 10),
    pauseMs: random.pick([2_000, 5_000, 12_000]),
    faultPauseMs: random.pick([4_000, 10_000, 25_000]),
    keepMs: random.chance(0.25) ? random.whole(40_000, 90_000) : undefined,
    capacity: random.pick([2, 8, 1_000]),
    pageSize: random.pick([3, 20, 250]),
    restoreAtMs: random.chance(0.2) ? random.whole(60_000, 200_000) : undefined,
    erasures: random.pick([0, 0, 1, 2]),
    maxInboxEvents: random.pick([20, 50_000, 50_000]),
  };
}
