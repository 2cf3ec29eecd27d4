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
  /** When a restore is declared that lost nothing; undefined for never. */
  closeAtMs: number | undefined;
  /** Number of erased users, without the one erased during such a declaration. */
  erasures: number;
  /** Maximum entries of the inbox. */
  maxInboxEvents: number;
  /** The collections with a validator, which refuses some of the deliveries for good. */
  refusedBy: readonly ('events' | 'inbox')[];
}

/** How long faults occur, in milliseconds; a quiet time follows, so that a run has five minutes. */
export const FAULTS_MS = 290_000;

export function drawPlan(random: Random): Plan {
  const instances = random.pick([1, 2, 2, 3]);
  const restoreAtMs = random.chance(0.2) ? random.whole(60_000, 200_000) : undefined;
  const closeAtMs = random.chance(0.25) ? random.whole(40_000, 200_000) : undefined;
  return {
    instances,
    subscribers: random.whole(2, 4),
    users: random.whole(4, 10),
    pauseMs: random.pick([2_000, 5_000, 12_000]),
    faultPauseMs: random.pick([4_000, 10_000, 25_000]),
    keepMs: random.chance(0.25) ? random.whole(40_000, 90_000) : undefined,
    capacity: random.pick([2, 8, 1_000]),
    pageSize: random.pick([3, 20, 250]),
    restoreAtMs,
    // For what waits in the inbox, which a single instance does not use.
    closeAtMs: instances > 1 && restoreAtMs === undefined ? closeAtMs : undefined,
    erasures: random.pick([0, 0, 1, 2]),
    maxInboxEvents: random.pick([20, 50_000, 50_000]),
    refusedBy: random.pick([[], [], ['events'], ['events', 'inbox']] as const),
  };
}

export function plannedErasures({ erasures, closeAtMs }: Plan): number {
  return erasures + (closeAtMs === undefined ? 0 : 1);
}
