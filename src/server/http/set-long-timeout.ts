/** Longest delay of Node's timers; a longer one fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Calls back once at an instant (milliseconds since 1970; Infinity: never), or soon if it has
 * passed. Does not keep the process alive. Returns a function that cancels it.
 */
export function setLongTimeout(atMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  function wait(): void {
    const leftMs = atMs - Date.now();
    const isLast = leftMs <= MAX_DELAY_MS;
    timer = setTimeout(isLast ? callback : wait, isLast ? leftMs : MAX_DELAY_MS);
    timer.unref();
  }
  wait();
  return () => clearTimeout(timer);
}
