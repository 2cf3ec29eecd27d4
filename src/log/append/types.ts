import type { NewEvent } from '../../catalog/event.ts';
import type { InsertOutcome } from './insert-batch.ts';

/** The result of an append. */
export interface AppendResult {
  /** `erased`: its user was erased after it occurred, so it is not stored. */
  status: 'stored' | 'duplicate' | 'erased';
  /**
   * Position of the event, or of the first delivery if it is a duplicate. Absent while the event
   * waits in the inbox, and for an erased event.
   */
  position?: number;
  /** The stored digest, which differs from the event's if an erased user was removed from it. */
  digest: Buffer;
}

/** An event that is being stored, with the promise of its result. */
export interface PendingEvent {
  readonly key: string;
  /** The event as it arrived here. */
  readonly delivered: NewEvent;
  /** The event as it may be stored; users erased meanwhile are removed from it. */
  event: NewEvent;
  /**
   * True if a user who was erased meanwhile was removed from the event. The log holds the original
   * until the erasure has rewritten it.
   */
  isCleaned: boolean;
  readonly sizeBytes: number;
  /** Deadline on the monotonic clock; infinite for an inbox entry. */
  readonly deadlineMs: number;
  /** True for an inbox entry, which is already durable. */
  readonly isInboxEntry: boolean;
  readonly result: Promise<AppendResult>;
  /** True after a missing answer: a document in the database may be from this delivery. */
  isUnclear: boolean;
  /** True if another delivery of the event was acknowledged from the inbox. */
  isRepeat: boolean;
  isSettled: boolean;
  resolve(result: Omit<AppendResult, 'digest'>): void;
  reject(reason: unknown): void;
}

/** An inbox entry that is moved, beside its event. */
export interface EntryOptions {
  sizeBytes: number;
  /** Digest before an erasure changed the event; undefined if none did. */
  original: Buffer | undefined;
}

/** The outcome of one insert. */
export interface InsertReport {
  events: number;
  /** The inserted events. */
  batch: readonly NewEvent[];
  durationMs: number;
  /** `inbox`: durable in the inbox. */
  outcome: InsertOutcome['kind'] | 'inbox';
}

/** Moves inbox entries into the log while this instance holds the lease. */
export interface InboxMover {
  /** True when every entry that existed at the start is pending here or moved. */
  isCaughtUp(): boolean;
  /** True while there are entries, and for a minute afterwards. */
  isUsed(): boolean;
  /** Resolves when it has caught up, or was stopped. */
  readonly caughtUp: Promise<void>;
  /** Moves its change stream to the present primary. */
  onNewPrimary(): void;
  /** Moves the current entries, for at most this time. */
  drain(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}
