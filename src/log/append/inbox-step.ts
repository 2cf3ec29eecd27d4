import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from './commit-step.ts';
import type { InboxOutcome } from './insert-inbox.ts';

/**
 * How long a moved entry stays in the inbox at least, in milliseconds. Within this time a redelivery
 * is found in the inbox where the look into the log came too early.
 */
export const KEEP_MOVED_MS = 1_000;

/** Where the way of a batch into the inbox stands. */
export interface InboxState {
  /** The most events of one insert: fewer while one of them cannot be stored. */
  readonly width: number;
  readonly pauseMs: number;
}

/** What became of one event of an insert. */
export type InboxVerdict = 'stored' | 'duplicate' | 'refused' | 'open';

export type InboxAction =
  | { readonly kind: 'insert' }
  | { readonly kind: 'pause'; readonly ms: number };

export interface InboxStep {
  readonly state: InboxState;
  /** By index; as many as were sent. */
  readonly verdicts: readonly InboxVerdict[];
  /** True when a stored event may have been in the log, and gone from the inbox, before. */
  readonly mustLookAgain: boolean;
  readonly action: InboxAction;
}

export function startInbox(events: number): InboxState {
  return { width: events, pauseMs: FIRST_PAUSE_MS };
}

/**
 * Returns what follows from an insert into the inbox.
 *
 * @param sent events of the insert
 * @param tookMs from before the look into the log until the answer to the insert
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
