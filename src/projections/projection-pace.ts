import { MAX_BATCH_EVENTS } from './projection-batches.ts';
import type { ProjectionLag } from './projection-lag.ts';

/** Size of the first batch; the duration of each batch determines the size of the next. */
const FIRST_BATCH = 250;
const SMALLEST_BATCH = 50;
/**
 * The projections are behind when this many events wait, or when one has waited for so many
 * milliseconds, which is longer than usual.
 */
const MANY_WAITING = 500;
const LONG_LAG_MS = 10_000;
/** Target duration of a batch in milliseconds, while deliveries arrive and otherwise. */
const BUSY_MS = 50;
const IDLE_MS = 400;
/**
 * While the projections are behind, a batch has at least so many events, and may take this part of
 * the lag, at most so many milliseconds. A batch writes each document once, however many of its
 * events are about it, so an event of a large batch costs a fraction of one of a small batch.
 */
const BEHIND_BATCH = 1_000;
const BEHIND_PART = 2;
const LONGEST_MS = 15_000;
/** While deliveries arrive, the pause after a batch as a multiple of its duration. */
const BUSY_PAUSE = 19;
/** The same while behind, at a lag of at most so many milliseconds. A longer lag shortens the pause. */
const BEHIND_PAUSE = 1;
const SHORT_LAG_MS = 5_000;
/** Longest pause in milliseconds, which bounds the lag that pauses cause. */
const LONGEST_PAUSE_MS = 5_000;

/** Size of the batches of the projections, and the pauses between them. */
export interface ProjectionPace {
  /** Returns the number of events of the next batch. */
  batchSize(): number;
  /**
   * Reports a batch that was applied, the lag after it, and whether deliveries wait for the
   * database. Returns the length of the pause, in milliseconds.
   *
   * Deliveries come first while the projections are close behind. The longer the lag, the larger
   * the batches and the shorter the pauses, so that no lag grows while the database could keep up.
   */
  onApplied(tookMs: number, load: { lag: ProjectionLag; isBusy: boolean }): number;
  /** Reports a batch that failed, perhaps because it was too large for the time that it had. */
  onFailed(): void;
}

/** Returns true if the projections lag more than they usually do. */
export function isBehind({ positions, ms }: ProjectionLag): boolean {
  return positions >= MANY_WAITING || ms >= LONG_LAG_MS;
}

export function createProjectionPace(): ProjectionPace {
  let size = FIRST_BATCH;

  const shrink = (smallest: number) => {
    size = Math.max(smallest, Math.floor(size / 2));
  };

  return {
    batchSize: () => size,
    onApplied(tookMs, { lag, isBusy }) {
      const lags = isBehind(lag);
      const behindMs = Math.min(LONGEST_MS, lag.ms / BEHIND_PART);
      const targetMs = lags ? Math.max(IDLE_MS, behindMs) : isBusy ? BUSY_MS : IDLE_MS;
      if (tookMs > targetMs) shrink(SMALLEST_BATCH);
      else if (tookMs < targetMs / 2) size = Math.min(MAX_BATCH_EVENTS, size * 2);
      if (lags) size = Math.max(BEHIND_BATCH, size);
      if (!isBusy) return 0;
      const ratio = lags ? BEHIND_PAUSE * Math.min(1, SHORT_LAG_MS / lag.ms) : BUSY_PAUSE;
      return Math.min(LONGEST_PAUSE_MS, tookMs * ratio);
    },
    onFailed: () => shrink(SMALLEST_BATCH),
  };
}
