/**
 * Creates a group commit: items that arrive during a write form the next batch.
 *
 * @returns a function that adds an item and resolves when its batch is written
 */
export function createGroupCommit<T>(write: (batch: T[]) => Promise<unknown>) {
  let waiting: T[] = [];
  let next: Promise<unknown> | undefined;
  let lastWrite: Promise<unknown> = Promise.resolve();
  return function append(item: T): Promise<unknown> {
    waiting.push(item);
    if (next === undefined) {
      next = lastWrite.then(() => {
        const batch = waiting;
        waiting = [];
        next = undefined;
        return write(batch);
      });
      lastWrite = next.catch(() => undefined);
    }
    return next;
  };
}
