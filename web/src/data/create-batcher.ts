/** Combines many changes into one notification. */
export interface Batcher {
  /** Notifies at the next animation frame, together with later changes. */
  soon(): void;
  now(): void;
  close(): void;
}

/** Minimum interval between notifications, in milliseconds. */
const MIN_MS = 50;

/**
 * Creates a batcher. It waits for the interval and then for an animation frame; in a hidden tab
 * none comes, and nothing is drawn.
 */
export function createBatcher(tell: () => void, leastMs: number = MIN_MS): Batcher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  function now(): void {
    cancel();
    tell();
  }
  function cancel(): void {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    timer = undefined;
    frame = 0;
  }
  return {
    now,
    close: cancel,
    soon() {
      if (timer !== undefined || frame !== 0) return;
      timer = setTimeout(() => {
        timer = undefined;
        frame = requestAnimationFrame(now);
      }, leastMs);
    },
  };
}
