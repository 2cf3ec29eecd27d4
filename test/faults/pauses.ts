/** Measures how long what is due takes to come. */
export interface Pauses {
  /** Something is due from now on, if nothing was. */
  expect(): void;
  /** It came. */
  mark(): void;
  /** Ignores pauses from now on. */
  excuse(): void;
  /** Measures pauses again, after the next `mark`. */
  resume(): void;
  /** Returns the longest pause, including the current one, in milliseconds. */
  longestMs(): number;
}

/** @param nowMs monotonic milliseconds */
export function createPauses(nowMs: () => number = () => performance.now()): Pauses {
  let longestMs = 0;
  let dueSinceMs: number | undefined;
  let state: 'measured' | 'excused' | 'resumed' = 'measured';
  const count = () => {
    if (dueSinceMs !== undefined) longestMs = Math.max(longestMs, nowMs() - dueSinceMs);
  };
  return {
    expect() {
      if (state === 'measured') dueSinceMs ??= nowMs();
    },
    mark() {
      if (state === 'resumed') state = 'measured';
      count();
      dueSinceMs = undefined;
    },
    excuse() {
      count();
      dueSinceMs = undefined;
      state = 'excused';
    },
    resume() {
      state = 'resumed';
    },
    longestMs() {
      count();
      return longestMs;
    },
  };
}
