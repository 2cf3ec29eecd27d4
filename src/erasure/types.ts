import type { LogReader } from '../log/read/log-reader.ts';
import type { KnownErasures } from '../log/state/erasures.ts';
import type { LogWatermarks } from '../log/state/watermarks.ts';
import type { Collections } from '../storage/models.ts';

/** What an erasure has come to so far; of one that goes on after a loss, since then. */
export interface ErasureCounts {
  /** The user's own events. */
  events: number;
  /** Others that named the user, or were about an installation that was theirs alone. */
  mentions: number;
  /** Deliveries removed from quarantine. */
  quarantined: number;
}

export interface ErasureProgress extends ErasureCounts {
  step: 'waiting' | 'events' | 'searching';
  /** Of all positions up to `head` so many have been looked through in this step. */
  reached: number;
  head: number;
}

export interface EraseOptions {
  /** Only counts, and changes nothing. */
  dry?: boolean;
  onProgress?: (progress: ErasureProgress) => void;
  /** Ends it between two pages, with an AbortError; done again, it goes on. */
  signal?: AbortSignal;
}

export interface EraseUser extends EraseOptions {
  collections: Collections;
  bounds: LogWatermarks;
  erasures: KnownErasures;
  reader: LogReader;
  /** The last position that is durable. @throws LogUnavailableError */
  head: () => Promise<number>;
  /** How long the others get to know, in milliseconds. */
  announceMs?: number | undefined;
}
