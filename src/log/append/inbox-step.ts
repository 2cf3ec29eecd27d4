import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from './commit-step.ts';
import type { InboxOutcome } from './insert-inbox.ts';

/**
 * How long a moved entry stays in the inbox at least, in milliseconds. Until then the inbox
 * recognises a redelivery whose lookup in the log came too early.
 */
export const KEEP_MOVED_MS = 1_000;

/** The state of storing a batch in the inbox. */
export interface InboxState {
  /** Maximum events per insert; reduced while one of them cannot be stored. */
  readonly width: number;
  readonly pauseMs: number;
}

/** The outcome of one event of an insert. */
export type InboxVerdict = 'stored' | 'duplicate' | 'refused' | 'open';

export type InboxAction =
  | { readonly kind: 'insert' }
  | { readonly kind: 'pause'; readonly ms: number };

export interface InboxStep {
  readonly state: InboxState;
  /** By index; one for each sent event. */
  readonly verdicts: readonly InboxVerdict[];
  /** True if a stored event may already have been moved to the log and deleted from the inbox. */
  readonly mustLookAgain: boolean;
  readonly action: InboxAction;
}

export function startInbox(events: number): InboxState {
  return { width: events, pauseMs: FIRST_PAUSE_MS };
}

/**
 * Returns the next state and action after an insert into the inbox.
 *
 * @param sent number of events in the insert
 * @param tookMs time from before the lookup in the log to the answer of the insert
 */
export function stepInbox(
  state: InboxState,
  outcome: InboxOutcome,
  { sent, batch, tookMs }: { sent: number; batch: number; tookMs: number },
): InboxStep {
  const open = Array<InboxVerdict>(sent).fill('open');
  switch (outcome.kind) {
    case 'answered':
      return {
        state: startInbox(batch),
        verdicts: open.map((_, index) => {
          if (outcome.refused.has(index)) return 'refused';
          return outcome.duplicates.has(index) ? 'duplicate' : 'stored';
        }),
        mustLookAgain: tookMs > KEEP_MOVED_MS / 2,
        action: { kind: 'insert' },
      };
    case 'refused': {
      const isKnown = sent === 1;
      const width = isKnown ? batch : Math.ceil(sent / 2);
      return {
        state: { ...state, width },
        verdicts: isKnown ? ['refused'] : open,
        mustLookAgain: false,
        action: { kind: 'insert' },
      };
    }
    case 'unclear':
      return {
        state: { ...state, pauseMs: Math.min(state.pauseMs * 2, LONGEST_PAUSE_MS) },
        verdicts: open,
        mustLookAgain: false,
        action: { kind: 'pause', ms: state.pauseMs },
      };
  }
}
