/** Something done again and again until it is stopped. */
export interface SuspendAwareInterval {
  stop(): void;
}

/**
 * Calls back about every so many milliseconds with the time since the last call, in milliseconds.
 * Where this process itself stood still (halted, or a machine asleep) that time counts as two
 * beats at most: nobody else is to be blamed for it.
 */
export function startSuspendAwareInterval(
  everyMs: number,
  onBeat: (elapsedMs: number) => void,
): SuspendAwareInterval {
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    onBeat(Math.min(nowMs - lastMs, 2 * everyMs));
    lastMs = nowMs;
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
