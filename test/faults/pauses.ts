/** Measures the longest pause between two signs of activity. */
export interface Pauses {
  /** Records activity. */
  mark(): void;
  /** Ignores pauses from now on. */
  excuse(): void;
  /** Measures pauses again, from the next activity on. */
  resume(): void;
  /** Returns the longest pause, including the current one, in milliseconds. */
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
