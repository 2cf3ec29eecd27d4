import { ConnectionLostError } from './connection-lost-error.ts';
import { EventsClientError } from './events-client-error.ts';

/** The pauses between attempts, in milliseconds: twice as long each time, less up to a half. */
export interface BackOff {
  firstMs: number;
  longestMs: number;
}

export interface Retry {
  /** A connection stands: its token was taken. */
  opened(): void;
  /** A connection was of use: the next loss starts from the first pause again. */
  progressed(): void;
  /**
   * How long to wait before the next attempt, in milliseconds.
   *
   * @throws the error where another attempt would not mend it
   */
  delayAfter(error: unknown, wasOpen: boolean): number;
}

/**
 * Decides whether and when to try again.
 *
 * @param mostRefusals after how many refused tokens in a row to give up
 */
export function createRetry({ firstMs, longestMs }: BackOff, mostRefusals: number): Retry {
  let failures = 0;
  let refusals = 0;

  function pause(): number {
    const fullMs = Math.min(firstMs * 2 ** failures, longestMs);
    failures += 1;
    // Clients that lost the same server must not come back in the same instant.
    return Math.round(fullMs * (0.5 + Math.random() / 2));
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
      // On a connection that stood the token has expired; otherwise it was refused.
      if (!wasOpen) refusals += 1;
      if (refusals >= mostRefusals) throw error;
      // At once with a fresh token, but only once: it may be refused for ever.
      const delayMs = pause();
      return failures === 1 ? 0 : delayMs;
    },
  };
}
