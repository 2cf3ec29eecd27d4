/** Many changes, told as one. */
export interface Batcher {
  /** Tells of it with the next picture, and with what else changes until then. */
  soon(): void;
  now(): void;
  close(): void;
}

/** The shortest time between two pictures, in milliseconds: at 200 events/s none needs more. */
const LEAST_MS = 50;

/**
 * Makes one. It waits for the time and then for the browser to be about to draw; in a tab that nobody
 * sees this never comes, and nothing is drawn.
 */
export function createBatcher(tell: () => void, leastMs: number = LEAST_MS): Batcher {
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
