import type { NewEvent } from '../../catalog/event.ts';
import type { InsertOutcome } from './insert-batch.ts';

/**
 * What became of an appended event. A duplicate has the position of the first one. One whose user was
 * erased after it occurred is not stored, and has the position 0.
 */
export interface AppendResult {
  status: 'stored' | 'duplicate' | 'erased';
  position: number;
  /** The identity under which it is stored: another one where an erased user was taken out of it. */
  digest: Buffer;
}

/** What one insert came to. */
export interface InsertReport {
  events: number;
  /** The events themselves. */
  batch: readonly NewEvent[];
  durationMs: number;
  outcome: InsertOutcome['kind'];
}

/** An event on its way into the log, and the one who waits for it. */
export interface PendingEvent {
  readonly key: string;
  /** As it may be stored: users who are erased while it waits are taken out of it. */
  event: NewEvent;
  readonly sizeBytes: number;
  /** When its time is over, by `performance.now()`. */
  readonly deadlineMs: number;
  readonly result: Promise<AppendResult>;
  /** True after an answer that did not come: what is found in the log may be this very delivery. */
  unclear: boolean;
  resolve(result: Omit<AppendResult, 'digest'>): void;
  reject(reason: unknown): void;
}
