import { UnstorableError } from '../../errors.ts';
import { KEEP_MOVED_MS } from './inbox-step.ts';
import type { AppendResult } from './types.ts';

/** The outcome of moving an inbox entry. */
export type MoveOutcome =
  /** The log holds the event, durable on a majority, from this entry or another delivery. */
  | 'in-log'
  /** Its user was erased after it occurred. */
  | 'erased'
  /** The database can never store it as an event. */
  | 'refused'
  /** Undecided: the lease was lost, the log is closed, or the database does not answer. */
  | 'open';

export type MoveAction =
  | { readonly kind: 'delete'; readonly afterMs: number }
  /** Keep it in quarantine, then delete it. */
  | { readonly kind: 'quarantine' }
  /** Leave it to the next listing. */
  | { readonly kind: 'leave' };

/** Returns what to do with an inbox entry. */
export function stepMove(outcome: MoveOutcome): MoveAction {
  switch (outcome) {
    case 'in-log':
      return { kind: 'delete', afterMs: KEEP_MOVED_MS };
    case 'erased':
      return { kind: 'delete', afterMs: 0 };
    case 'refused':
      return { kind: 'quarantine' };
    case 'open':
      return { kind: 'leave' };
  }
}

/** Returns the outcome of a move that the appender has answered. */
export function toOutcome({ status, position }: AppendResult): MoveOutcome {
  if (status === 'erased') return 'erased';
  return position === undefined ? 'open' : 'in-log';
}

/** Returns the outcome of a move that has failed. */
export function toFault(error: unknown): MoveOutcome {
  return error instanceof UnstorableError ? 'refused' : 'open';
}
