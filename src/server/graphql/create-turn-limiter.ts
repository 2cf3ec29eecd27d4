/** How long operations may start in one turn of the event loop, in milliseconds. */
const MAX_TURN_MS = 5;

/** Larger requests are parsed in turns. Unit: bytes. */
export const LARGE_BYTES = 16 * 1024;

/**
 * Waits until an operation may start; undefined if it may at once.
 * @param viewer the key of the viewer who sent it, if there is one
 */
export type Turn = (viewer?: string) => Promise<void> | undefined;

/**
 * Returns a function that lets an operation wait for a later turn. Viewers take turns, whatever number
 * of operations each of them sends: one viewer may have thousands waiting over WebSocket.
 *
 * Messages of many connections arrive in one turn of the event loop. Without this limit all of them
 * would be parsed and executed before the next delivery is read, and an introspection takes 10 ms.
 */
export function createTurnLimiter(): Turn {
  /** By viewer, in the order of their turns. */
  const waiting = new Map<string | undefined, (() => void)[]>();
  let startedMs: number | undefined;

  function begin(): void {
    startedMs = performance.now();
    setImmediate(next);
  }

  function next(): void {
    startedMs = undefined;
    const [[viewer, queue] = [undefined, []]] = waiting;
    const resolve = queue.shift();
    if (resolve === undefined) return;
    waiting.delete(viewer);
    if (queue.length > 0) waiting.set(viewer, queue);
    begin();
    resolve();
  }

  return (viewer) => {
    if (startedMs === undefined) return void begin();
    if (waiting.size === 0 && performance.now() - startedMs < MAX_TURN_MS) return undefined;
    return new Promise((resolve) => {
      const queue = waiting.get(viewer);
      if (queue) queue.push(resolve);
      else waiting.set(viewer, [resolve]);
    });
  };
}
