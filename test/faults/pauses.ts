/** The longest time between two signs of life of something that ought to give them all the time. */
export interface Pauses {
  /** A sign of life. */
  mark(): void;
  /** From now on a silence has a reason. */
  excuse(): void;
  /** The reason is gone: the next silence counts from the first sign of life on. */
  resume(): void;
  /** Counts a silence that has not ended yet, and returns the longest one, in milliseconds. */
  longestMs(): number;
}

/** @param nowMs monotonic milliseconds */
export function createPauses(nowMs: () => number = () => performance.now()): Pauses {
  let longestMs = 0;
  let lastMs: number | undefined;
  let isExcused = false;
  const count = () => {
    if (lastMs !== undefined) longestMs = Math.max(longestMs, nowMs() - lastMs);
  };
  return {
    mark() {
      if (isExcused) return;
      count();
      lastMs = nowMs();
    },
    excuse() {
      if (!isExcused) count();
      isExcused = true;
      lastMs = undefined;
    },
    resume() {
      isExcused = false;
    },
    longestMs() {
      count();
      return longestMs;
    },
  };
}
