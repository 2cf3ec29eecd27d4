/** A repeating callback that can be stopped. */
export interface SuspendAwareInterval {
  stop(): void;
}

/**
 * Calls back about every `intervalMs` with the milliseconds since the last call. Time in which the
 * process was suspended (SIGSTOP, a sleeping machine) counts as at most two intervals, so that
 * peers are not blamed for it.
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
