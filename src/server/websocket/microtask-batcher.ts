/** Flushes a writer at the end of the current turn, before new input is processed. */
export type MicrotaskBatcher = (writer: { flush(): void }) => void;

/**
 * Creates a batcher that flushes all queued writers in one microtask: one microtask each would cost as
 * much as the work itself.
 */
export function createMicrotaskBatcher(): MicrotaskBatcher {
  let queued: { flush(): void }[] = [];

  function run(): void {
    const all = queued;
    queued = [];
    for (const writer of all) writer.flush();
  }

  return (writer) => {
    if (queued.length === 0) queueMicrotask(run);
    queued.push(writer);
  };
}
