import { ConnectionLostError } from './connection-lost-error.ts';
import { EventsClientError } from './events-client-error.ts';

/** Delays between retries in milliseconds: doubled each time, minus up to a half at random. */
export interface BackOff {
  firstMs: number;
  longestMs: number;
}

export interface Retry {
  /** Reports an accepted connection: the token was valid. */
  opened(): void;
  /** Reports progress: the next loss starts at the first delay again. */
  progressed(): void;
  /**
   * Returns the delay before the next attempt, in milliseconds.
   *
   * @throws the error when a retry cannot fix it
   */
  delayAfter(error: unknown, wasOpen: boolean): number;
}

/** Returns the delay after a number of failures in a row, in milliseconds. */
export function delayOf(failures: number, { firstMs, longestMs }: BackOff): number {
  const fullMs = Math.min(firstMs * 2 ** failures, longestMs);
  // Jitter: clients that lost the same server must not reconnect in the same instant.
  return Math.round(fullMs * (0.5 + Math.random() / 2));
}

/**
 * Creates the retry policy.
 *
 * @param mostRefusals number of refused tokens in a row after which it gives up
 */
export function createRetry(backOff: BackOff, mostRefusals: number): Retry {
  let failures = 0;
  let refusals = 0;

  function pause(): number {
    const delayMs = delayOf(failures, backOff);
    failures += 1;
    return delayMs;
  }

  return {
    opened() {
      refusals = 0;
    },
    progressed() {
      failures = 0;
    },
    delayAfter(error, wasOpen) {
      if (error instanceof ConnectionLostError && error.kind === 'behind') return 0;
      if (!(error instanceof EventsClientError)) return pause();
      if (error.code !== 'UNAUTHENTICATED') throw error;
      // On an accepted connection the token has expired; otherwise it was refused.
      if (!wasOpen) refusals += 1;
      if (refusals >= mostRefusals) throw error;
      // Retry at once with a fresh token, but only once: it may be refused every time.
      const delayMs = pause();
      return failures === 1 ? 0 : delayMs;
    },
  };
}
