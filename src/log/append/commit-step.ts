import type { InsertOutcome } from './insert-batch.ts';

/** First and longest pause before another try, in milliseconds. */
export const FIRST_PAUSE_MS = 2;
export const LONGEST_PAUSE_MS = 250;

/** Where the commit of a batch stands. */
export interface CommitState {
  /** The last durable position; undefined when the next insert has to look it up. */
  readonly head: number | undefined;
  /** False after an answer that did not come: then the head is looked up in the log itself. */
  readonly isSure: boolean;
  /** The most events of one insert: fewer while one of them cannot be stored. */
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
  /** Duplicates were looked up, and so many of them answered. */
  | { readonly kind: 'resolved'; readonly settled: number; readonly mustPause: boolean }
  /** A step between two inserts failed. */
  | { readonly kind: 'failed' };

export type CommitAction =
  | { readonly kind: 'insert' }
  /** Look the rest up in the log. */
  | { readonly kind: 'resolve'; readonly mustPause: boolean }
  | { readonly kind: 'pause'; readonly ms: number }
  /** Another writer was first: look for the head and give the rest back. */
  | { readonly kind: 'give-back' };

export interface CommitStep {
  readonly state: CommitState;
  /** So many events of the front are stored, from `first` on. */
  readonly stored: number;
  /** True when the event behind those can never be stored. */
  readonly isRefused: boolean;
  readonly action: CommitAction;
}

/** Returns the state of a batch of so many events before its first insert. */
export function startCommit(events: number): CommitState {
  return { head: undefined, isSure: true, width: events, pauseMs: FIRST_PAUSE_MS };
}

/**
 * Returns what follows from one outcome of a commit.
 *
 * @param batch events of the whole batch
 */
export function stepCommit(state: CommitState, outcome: CommitOutcome, batch: number): CommitStep {
  switch (outcome.kind) {
    case 'inserted':
      return stepInserted(state, outcome, batch);
    case 'resolved': {
      // A duplicate that is not found yet waits until a majority has the first one.
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
    // The next answer may come from another database, as after a restore: nothing is known of it.
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
      // Behind stored events it is the next one; otherwise it may be any of them.
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
