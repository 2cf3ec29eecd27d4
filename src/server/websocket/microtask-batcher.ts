/** Does some work at the end of the present turn, before anything new comes in. */
export type MicrotaskBatcher = (work: () => void) => void;

/**
 * Makes what does work for many at the end of a turn, all of it in one microtask: one for each would
 * cost as much as the work.
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
