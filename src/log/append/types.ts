import type { NewEvent } from '../../catalog/event.ts';
import type { InsertOutcome } from './insert-batch.ts';

/** What became of an appended event. */
export interface AppendResult {
  /** `erased`: its user was erased after it occurred, and it is not stored. */
  status: 'stored' | 'duplicate' | 'erased';
  /**
   * Of the event, or of the first delivery if it is a duplicate. Absent while the event waits in the
   * inbox for its position, and for an erased one.
   */
  position?: number;
  /** The stored identity, which differs from the event's if an erased user was removed from it. */
  digest: Buffer;
}

/** An event on its way into the log or the inbox, and the promise of what becomes of it. */
export interface PendingEvent {
  readonly key: string;
  /** As it may be stored: users who are erased while it waits are taken out of it. */
  event: NewEvent;
  readonly sizeBytes: number;
  /** When its time is over, by the monotonic clock; never for an inbox entry. */
  readonly deadlineMs: number;
  /** True for an entry of the inbox, which is durable already. */
  readonly isInboxEntry: boolean;
  readonly result: Promise<AppendResult>;
  /** True after an answer that did not come: what is found in the database may be this delivery. */
  isUnclear: boolean;
  isSettled: boolean;
  resolve(result: Omit<AppendResult, 'digest'>): void;
  reject(reason: unknown): void;
}

/** What one insert came to. */
export interface InsertReport {
  events: number;
  /** The events themselves. */
  batch: readonly NewEvent[];
  durationMs: number;
  /** `inbox`: durable in the inbox. */
  outcome: InsertOutcome['kind'] | 'inbox';
}
