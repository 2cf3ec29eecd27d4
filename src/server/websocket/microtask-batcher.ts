/** Runs work at the end of the current turn, before new input is processed. */
export type MicrotaskBatcher = (work: () => void) => void;

/**
 * Creates a batcher that runs all queued work in one microtask: one microtask each would cost as
 * much as the work itself.
 */
export function createMicrotaskBatcher(): MicrotaskBatcher {
  let due: (() => void)[] = [];

  function run(): void {
    const all = due;
    due = [];
    for (const work of all) work();
  }

  return (work) => {
    if (due.length === 0) queueMicrotask(run);
    due.push(work);
  };
}
