import { setTimeout as delay } from 'node:timers/promises';

/** Time and randomness for the append path; a simulation provides its own. */
export interface Clock {
  /** Monotonic milliseconds, which advance while the process is stopped (CLOCK_MONOTONIC). */
  nowMs(): number;
  /** Resolves after this time, or when the signal aborts. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
  random: () => Math.random(),
};
