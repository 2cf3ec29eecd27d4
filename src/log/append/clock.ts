import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance, as the append path uses them; a simulation passes its own. */
export interface Clock {
  /** Monotonic milliseconds. They also pass while the process is stopped (CLOCK_MONOTONIC). */
  nowMs(): number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. It never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
  random: () => Math.random(),
};
