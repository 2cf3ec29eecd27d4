import type { ContactHash } from '../log/read/contact-hash.ts';
import type { LogReader } from '../log/read/log-reader.ts';
import type { LogState } from '../log/state/log-state.ts';
import type { ErasurePseudonyms } from '../log/state/pseudonyms.ts';
import type { Collections } from '../storage/models.ts';

/** What every step of an erasure needs. */
export interface EraseEvents {
  collections: Pick<Collections, 'events' | 'transaction'>;
  reader: LogReader;
  userId: string;
  pseudonyms: ErasurePseudonyms;
  signal: AbortSignal;
}

/** Progress of a step: number of events, and how far it searched. */
export interface Erased {
  count: number;
  reached: number;
}

/** Counts of an erasure; of a resumed one, since it was resumed. */
export interface ErasureCounts {
  /** The user's own events. */
  events: number;
  /** Other events that named the user, or were about an installation that only this user had. */
  mentions: number;
  /** Deliveries removed from quarantine. */
  quarantined: number;
}

export interface ErasureProgress extends ErasureCounts {
  step: 'waiting' | 'events' | 'searching';
  /** How many positions of the log this step has searched, of how many that can hold an event. */
  searched: number;
  positions: number;
}

export interface EraseOptions {
  /** Only counts; changes nothing. */
  dry?: boolean;
  onProgress?: (progress: ErasureProgress) => void;
  /** Aborts between two pages with an AbortError; a repeated call resumes. */
  signal?: AbortSignal;
}

export interface EraseUser extends EraseOptions {
  collections: Collections;
  /** For projections. */
  hashContact: ContactHash;
  logState: LogState;
  /** For projections. */
  reader: LogReader;
  /** For the search: a reader that erases by itself would hide what names the user otherwise. */
  rawReader: LogReader;
  /** Returns the last durable position. @throws LogUnavailableError */
  head: () => Promise<number>;
  /** How long other instances get to notice, in milliseconds. */
  announceMs?: number | undefined;
}
