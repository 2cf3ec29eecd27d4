/**
 * Gathers items while a write is on its way, and then writes all that wait.
 * @returns what resolves when the item's own batch has been written
 */
export function createGroupCommit<T>(write: (batch: T[]) => Promise<unknown>) {
  let waiting: T[] = [];
  let next: Promise<unknown> | undefined;
  let underway: Promise<unknown> = Promise.resolve();
  return function append(item: T): Promise<unknown> {
    waiting.push(item);
    if (next === undefined) {
      next = underway.then(() => {
        const batch = waiting;
        waiting = [];
        next = undefined;
        return write(batch);
      });
      underway = next.catch(() => undefined);
    }
    return next;
  };
}
