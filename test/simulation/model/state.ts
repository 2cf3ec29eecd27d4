import type { CommitAction, CommitState } from '../../../src/log/append/commit-step.ts';
import type { InboxState } from '../../../src/log/append/inbox-step.ts';
import type { InsertOutcome } from '../../../src/log/append/insert-batch.ts';
import type { LeaseState } from '../../../src/log/append/writer-lease-step.ts';
import { type Database, emptySnapshot } from './database.ts';

/** An event on its way, as a delivery or as an entry of the inbox. */
export interface Pending {
  readonly event: string;
  readonly isEntry: boolean;
}

/** A write that was sent. Its answer waits until a majority has it. */
export interface Sent {
  readonly isDurable: boolean;
  /** True after an election: the answer never comes. */
  readonly isCut: boolean;
}

export interface Append {
  readonly kind: 'append';
  readonly rest: readonly Pending[];
  readonly size: number;
  readonly state: CommitState;
  readonly action: CommitAction;
  readonly sent?: Sent & {
    readonly first: number;
    readonly events: number;
    readonly outcome: InsertOutcome;
  };
}

export interface Accept {
  readonly kind: 'accept';
  readonly rest: readonly Pending[];
  readonly size: number;
  readonly state: InboxState;
  readonly hasLooked: boolean;
  /** True when more time has passed since the look than a moved entry is kept. */
  readonly isSlow: boolean;
  readonly sent?: Sent & { readonly duplicates: readonly number[] };
}

/** One instance. */
export interface Writer {
  readonly lease: LeaseState;
  readonly isCaughtUp: boolean;
  readonly queue: readonly Pending[];
  readonly work?: Append | Accept;
  /** Entries of the inbox that it moves, and those that it has moved and has to delete. */
  readonly moving: readonly string[];
  readonly moved: readonly string[];
}

export interface State {
  readonly database: Database;
  readonly writers: readonly Writer[];
  /** The position that was told for each acknowledged event; 0 for none. */
  readonly told: Readonly<Record<string, number>>;
  readonly failovers: number;
  readonly lostAnswers: number;
  readonly takes: number;
}

/**
 * The first writer holds the lease, as the others know.
 *
 * @param deliveries events that each writer is sent
 */
export function startState(deliveries: readonly string[][]): State {
  const lease = { holder: 'w0', counter: 0 };
  const writers = deliveries.map(
    (events, index): Writer => ({
      lease: index === 0 ? { phase: 'holding', confirmedMs: 0 } : { phase: 'watching', sinceMs: 0 },
      isCaughtUp: index === 0,
      queue: events.map((event) => ({ event, isEntry: false })),
      moving: [],
      moved: [],
    }),
  );
  const database = { durable: { ...emptySnapshot, lease }, ops: [] };
  return { database, writers, told: {}, failovers: 0, lostAnswers: 0, takes: 0 };
}
