/** How far the projections are behind the log. */
export interface ProjectionLag {
  /** Events that are published and not applied. */
  positions: number;
  /** For how long the oldest of them, or one stored after it, has waited, in milliseconds. */
  ms: number;
}

/**
 * Measures the lag of the projections without a clock per event: it marks the head and measures
 * until that position is applied.
 */
export function createProjectionLag(now: () => { appliedUpTo: number; head: number }) {
  let mark: { position: number; sinceMs: number } | undefined;

  function update(): void {
    const { appliedUpTo, head } = now();
    if (mark && appliedUpTo < mark.position) return;
    mark = appliedUpTo < head ? { position: head, sinceMs: performance.now() } : undefined;
  }

  return {
    /** Reports a new event; costs nothing while the projections are behind. */
    onEvent(): void {
      if (mark === undefined) update();
    },
    /** Reports progress. */
    update,
    read(): ProjectionLag {
      update();
      const { appliedUpTo, head } = now();
      const ms = mark === undefined ? 0 : performance.now() - mark.sinceMs;
      return { positions: Math.max(0, head - appliedUpTo), ms };
    },
  };
}
