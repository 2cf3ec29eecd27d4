import { KEEP_MOVED_MS } from './inbox-step.ts';

/** What became of an inbox entry that was given to the appender. */
export type MoveOutcome =
  /** The log has it, durable on a majority, from this entry or another delivery. */
  | 'in-log'
  /** Its user was erased after it occurred. */
  | 'erased'
  /** The database will never take it as an event. */
  | 'refused'
  /** Nothing is decided: the lease was lost, the log is closed, or the database does not answer. */
  | 'open';

export type MoveAction =
  | { readonly kind: 'delete'; readonly afterMs: number }
  /** Keep it in quarantine, then delete it. */
  | { readonly kind: 'quarantine' }
  /** Leave it: the next list brings it again. */
  | { readonly kind: 'leave' };

/** Returns what happens to an inbox entry. */
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
