/** How long operations may start in one turn of the event loop, in milliseconds. */
const MAX_TURN_MS = 5;

/**
 * Returns a function that lets an operation wait for a later turn; it returns undefined if the
 * operation may start at once.
 *
 * Messages of many connections arrive in one turn of the event loop. Without this limit all of them
 * would be parsed and executed before the next delivery is read, and an introspection takes 10 ms.
 */
export function createTurnLimiter(): () => Promise<void> | undefined {
  const waiting: (() => void)[] = [];
  let startedMs: number | undefined;

  function begin(): void {
    startedMs = performance.now();
    setImmediate(next);
  }

  function next(): void {
    startedMs = undefined;
    const resolve = waiting.shift();
    if (resolve === undefined) return;
    begin();
    resolve();
  }

  return () => {
    if (startedMs === undefined) return void begin();
    if (waiting.length === 0 && performance.now() - startedMs < MAX_TURN_MS) return undefined;
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };
}
