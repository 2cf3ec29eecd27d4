import type { InsertOutcome } from './insert-batch.ts';

/** First and longest pause before a retry, in milliseconds. */
export const FIRST_PAUSE_MS = 2;
export const LONGEST_PAUSE_MS = 250;

/** The state of committing a batch. */
export interface CommitState {
  /** The last durable position; undefined if the next insert has to look it up. */
  readonly head: number | undefined;
  /** False after a missing answer: then the head is read from the log itself. */
  readonly isSure: boolean;
  /** Maximum events per insert; reduced while one of them cannot be stored. */
  readonly width: number;
  readonly pauseMs: number;
}

export type CommitOutcome =
  /** `sent` events were inserted from position `first` on. */
  | {
      readonly kind: 'inserted';
      readonly first: number;
      readonly sent: number;
      readonly outcome: InsertOutcome;
    }
  /** Duplicates were looked up, and `settled` of them answered. */
  | { readonly kind: 'resolved'; readonly settled: number; readonly mustPause: boolean }
  /** A step between two inserts failed. */
  | { readonly kind: 'failed' };

export type CommitAction =
  | { readonly kind: 'insert' }
  /** Look the remaining events up in the log. */
  | { readonly kind: 'resolve'; readonly mustPause: boolean }
  | { readonly kind: 'pause'; readonly ms: number }
  /** Another writer was first: find the head, and return the remaining events. */
  | { readonly kind: 'give-back' };

export interface CommitStep {
  readonly state: CommitState;
  /** Number of leading events that are stored, from `first` on. */
  readonly stored: number;
  /** True if the next event can never be stored. */
  readonly isRefused: boolean;
  readonly action: CommitAction;
}

/** Returns the state of a batch before its first insert. */
export function startCommit(events: number): CommitState {
  return { head: undefined, isSure: true, width: events, pauseMs: FIRST_PAUSE_MS };
}

/**
 * Returns the next state and action after an outcome.
 *
 * @param batch number of events in the whole batch
 */
export function stepCommit(state: CommitState, outcome: CommitOutcome, batch: number): CommitStep {
  switch (outcome.kind) {
    case 'inserted':
      return stepInserted(state, outcome, batch);
    case 'resolved': {
      // A duplicate that is not found yet waits until the first delivery is on a majority.
      const mustPause = outcome.mustPause || outcome.settled === 0;
      return mustPause ? pause(state) : step(state, { kind: 'insert' });
    }
    case 'failed':
      return pause(state);
  }
}

function stepInserted(
  state: CommitState,
  { first, sent, outcome }: Extract<CommitOutcome, { kind: 'inserted' }>,
  batch: number,
): CommitStep {
  if (outcome.kind === 'unclear') {
    // The next answer may come from another database, as after a restore.
    const unknown = { ...state, head: undefined, isSure: false };
    return step(unknown, { kind: 'resolve', mustPause: true });
  }
  const stored = outcome.kind === 'all' ? sent : outcome.stored;
  const progress =
    stored === 0
      ? state
      : { ...state, head: first + stored - 1, width: batch, pauseMs: FIRST_PAUSE_MS };
  switch (outcome.kind) {
    case 'all':
      return step(progress, { kind: 'insert' }, stored);
    case 'repeat':
      return step(progress, { kind: 'resolve', mustPause: false }, stored);
    case 'race-lost':
      return step(progress, { kind: 'give-back' }, stored);
    case 'refused': {
      // After stored events the faulty event is known; otherwise it may be any of them.
      const isKnown = stored > 0 || sent === 1;
      const width = isKnown ? batch : Math.ceil(sent / 2);
      return { ...step({ ...progress, width }, { kind: 'insert' }, stored), isRefused: isKnown };
    }
  }
}

function pause(state: CommitState): CommitStep {
  const pauseMs = Math.min(state.pauseMs * 2, LONGEST_PAUSE_MS);
  return step({ ...state, pauseMs }, { kind: 'pause', ms: state.pauseMs });
}

function step(state: CommitState, action: CommitAction, stored = 0): CommitStep {
  return { state, stored, isRefused: false, action };
}
