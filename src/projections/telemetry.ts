import { createTelemetry } from '../telemetry.ts';

/** The progress of a long catch-up, and its end. */
export const progress = createTelemetry<ProjectionProgress>('projection-progress');

/** The error that interrupts the projections or their pruning; both retry. */
export const faults = createTelemetry<unknown>('projection-fault');

export interface ProjectionProgress {
  /** The projections contain all events up to this position; `head` is the head of the log. */
  foldedUpTo: number;
  head: number;
}
