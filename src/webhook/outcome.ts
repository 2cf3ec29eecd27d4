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

/** What became of a delivery. `dropped`: an operator has dropped the same bytes before. */
export type Outcome = Appended | { kind: 'dropped' } | Refused;

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
  if (outcome.kind === 'dropped') return { answer: 'dropped', isRepeated: true };
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
