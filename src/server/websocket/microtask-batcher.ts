/** Runs work at the end of the current turn, before new input is processed. */
export type MicrotaskBatcher = (work: () => void) => void;

/**
 * Creates a batcher that runs all queued work in one microtask: one microtask each would cost as
 * much as the work itself.
 */
export function createMicrotaskBatcher(): MicrotaskBatcher {
  let queued: (() => void)[] = [];

  function run(): void {
    const all = queued;
    queued = [];
    for (const work of all) work();
  }

  return (work) => {
    if (queued.length === 0) queueMicrotask(run);
    queued.push(work);
  };
}
