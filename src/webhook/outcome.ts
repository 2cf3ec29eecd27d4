import { isFromFuture, isTooOld } from '../catalog/credible-instant.ts';
import type { NewEvent } from '../catalog/event.ts';
import { LogUnavailableError, UnstorableError } from '../errors.ts';
import type { AppendResult } from '../log/append/types.ts';
import type { OutcomeName, ProblemType } from './answers.ts';

/** A delivery that the log has stored, knows already, or ignores because its user is erased. */
export interface Appended {
  kind: 'appended';
  event: NewEvent;
  result: AppendResult;
}

/** A delivery that is not accepted. */
export interface Refused {
  kind: 'refused';
  problem: ProblemType;
  /** The fault and its place, without any value of the delivery. */
  detail: string;
  /** Absent if the envelope was not read. */
  event?: NewEvent;
  /** Present if the bytes are in quarantine: whether this delivery was the first with them. */
  kept?: 'first' | 'again';
  /** Present if the reason is not in the delivery itself. */
  error?: unknown;
}

/**
 * A delivery that is refused and not kept, and need not be sent again. `dropped`: an operator has dropped
 * the same bytes before. `erased`: it names a user who was erased after it.
 */
export interface Settled {
  kind: 'dropped' | 'erased';
}

/** What became of a delivery. */
export type Outcome = Appended | Settled | Refused;

export function refused(problem: ProblemType, detail: string): Refused {
  return { kind: 'refused', problem, detail };
}

/** Returns the outcome of a delivery that an error ended. */
export function failed(error: unknown): Refused {
  // A retry cannot fix it: the database refuses this very document.
  if (error instanceof UnstorableError) return refused('json-not-exact', error.message);
  if (error instanceof LogUnavailableError) {
    return { ...refused('unavailable', error.message), error };
  }
  return { ...refused('internal-error', 'quote the request id'), error };
}

/** An outcome for the log line, the metrics and the traces. It holds no content and no id. */
export interface DeliveryReport {
  requestId: string;
  status: number;
  answer: OutcomeName | ProblemType;
  /** A type of the catalog or UNKNOWN; undefined if the envelope was not read. */
  eventType?: string;
  position?: number;
  /** True if the event was stored and its instant is in the future. */
  isFromFuture?: true;
  /** True if the event was stored and its instant is before any credible one. */
  isTooOld?: true;
  /** True if the delivery was refused and is in quarantine. */
  quarantined?: true;
  /** True if the same bytes were refused and kept, or dropped, before. */
  isRepeated?: true;
  durationMs: number;
  error?: unknown;
}

/** Returns the parts of a report that follow from the outcome. */
export function reportOf(
  outcome: Outcome,
): Omit<DeliveryReport, 'requestId' | 'status' | 'durationMs'> {
  if (outcome.kind !== 'appended' && outcome.kind !== 'refused') {
    return { answer: outcome.kind, ...(outcome.kind === 'dropped' && { isRepeated: true }) };
  }
  const { event } = outcome;
  const eventType = event && { eventType: event.type };
  if (outcome.kind === 'refused') {
    const { problem, kept, error } = outcome;
    return {
      answer: problem,
      ...eventType,
      ...(kept && { quarantined: true }),
      ...(kept === 'again' && { isRepeated: true }),
      ...(error !== undefined && { error }),
    };
  }
  const { status, position } = outcome.result;
  return {
    answer: status,
    ...eventType,
    ...(position !== undefined && { position }),
    ...(status === 'stored' && isFromFuture(outcome.event) && { isFromFuture: true }),
    ...(status === 'stored' && isTooOld(outcome.event) && { isTooOld: true }),
  };
}
