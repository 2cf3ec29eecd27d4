import { isDeepStrictEqual } from 'node:util';

/** The lease document as it was read. Written by hand, its members may have any type. */
export interface LeaseSeen {
  /** Undefined or null after a release: any instance may take it. */
  readonly holder?: string | null;
  readonly counter?: number;
}

/** An instance's knowledge of the writer lease. Times are its own monotonic milliseconds. */
export type LeaseState =
  /** Another instance seems to hold it; `sinceMs` is when `seen` was first read. */
  | { readonly phase: 'watching'; readonly seen?: LeaseSeen; readonly sinceMs: number }
  /** This instance holds it. `confirmedMs` is when the last successful renewal was sent. */
  | { readonly phase: 'holding'; readonly confirmedMs: number };

export type LeaseOutcome =
  | { readonly kind: 'read'; readonly document: LeaseSeen | null }
  /** A take or renewal changed the document. */
  | { readonly kind: 'written' }
  /** A take or renewal found the document in another state. */
  | { readonly kind: 'lost' }
  /** No answer, or an answer that does not tell whether it was written. */
  | { readonly kind: 'unclear' };

export type LeaseAction =
  | { readonly kind: 'read'; readonly afterMs: number }
  /** Insert the document. */
  | { readonly kind: 'create' }
  /** Replace exactly this state. */
  | { readonly kind: 'take'; readonly from: LeaseSeen; readonly reason: 'free' | 'expired' }
  | { readonly kind: 'renew'; readonly afterMs: number };

export interface LeaseTimes {
  /** Between two renewals. */
  readonly renewMs: number;
  /** Between two reads by an instance that does not hold it. */
  readonly readMs: number;
  /** After an attempt without an answer. */
  readonly retryMs: number;
  /** A lease whose counter has not changed for this long is taken over. */
  readonly takeOverMs: number;
  /**
   * A holder without a successful renewal for this long stops appending. Until then it may compete
   * with the next holder, and loses a race.
   */
  readonly trustMs: number;
}

export const leaseTimes: LeaseTimes = {
  renewMs: 900,
  readMs: 1_000,
  retryMs: 250,
  takeOverMs: 2_500,
  trustMs: 10_000,
};

export interface LeaseContext {
  readonly self: string;
  readonly times: LeaseTimes;
  /** When the attempt with this outcome was sent, and the current time. */
  readonly sentMs: number;
  readonly nowMs: number;
  /** True while this instance waits for its inbox entries to be moved. */
  readonly isWaiting: boolean;
  /** True if no other instance can run, as on the embedded database; then it need not wait. */
  readonly isSole: boolean;
}

export interface LeaseStep {
  readonly state: LeaseState;
  readonly action: LeaseAction;
}

/** Returns an instance's next state and action after an attempt. */
export function stepLease(
  state: LeaseState,
  outcome: LeaseOutcome,
  context: LeaseContext,
): LeaseStep {
  const { times, sentMs } = context;
  switch (outcome.kind) {
    case 'written':
      return {
        state: { phase: 'holding', confirmedMs: sentMs },
        action: { kind: 'renew', afterMs: times.renewMs },
      };
    case 'lost':
      // After a lost take the winner is active, so the next read can wait.
      return watchFrom(undefined, context, state.phase === 'holding' ? 0 : times.retryMs);
    case 'unclear':
      // A renewal can be repeated: it only succeeds while the lease still names this instance.
      return state.phase === 'holding'
        ? { state, action: { kind: 'renew', afterMs: times.retryMs } }
        : { state, action: { kind: 'read', afterMs: times.retryMs } };
    case 'read':
      return stepRead(state, outcome.document, context);
  }
}

/**
 * Returns true while an instance holds the lease. Only speed depends on it; see `commit-batch.ts`.
 */
export function isHeld(state: LeaseState, nowMs: number, { trustMs }: LeaseTimes): boolean {
  return state.phase === 'holding' && nowMs - state.confirmedMs <= trustMs;
}

function stepRead(state: LeaseState, document: LeaseSeen | null, context: LeaseContext): LeaseStep {
  const { self, times, sentMs, nowMs, isSole } = context;
  if (document === null) return { state: watching(undefined, nowMs), action: { kind: 'create' } };
  // An earlier attempt without an answer was written after all.
  if (document.holder === self) return { state, action: { kind: 'renew', afterMs: 0 } };
  if (typeof document.holder !== 'string') {
    const take = { kind: 'take', from: document, reason: 'free' } as const;
    return { state: watching(document, nowMs), action: take };
  }
  const isUnchanged = state.phase === 'watching' && isSame(state.seen, document);
  const next = isUnchanged ? state : watching(document, nowMs);
  if (isSole || (isUnchanged && sentMs - state.sinceMs >= times.takeOverMs)) {
    return { state: next, action: { kind: 'take', from: document, reason: 'expired' } };
  }
  const afterMs = context.isWaiting ? times.retryMs : times.readMs;
  return { state: next, action: { kind: 'read', afterMs } };
}

function watchFrom(
  seen: LeaseSeen | undefined,
  { nowMs }: LeaseContext,
  afterMs: number,
): LeaseStep {
  return { state: watching(seen, nowMs), action: { kind: 'read', afterMs } };
}

function watching(seen: LeaseSeen | undefined, nowMs: number): LeaseState {
  return { phase: 'watching', ...(seen && { seen }), sinceMs: nowMs };
}

/** By value: NaN, or an integer beyond a double, must look unchanged as well. */
function isSame(one: LeaseSeen | undefined, other: LeaseSeen): boolean {
  return one?.holder === other.holder && isDeepStrictEqual(one?.counter, other.counter);
}
