/** Waits for conditions that change with the progress of a task. */
export interface ProgressWaiters {
  /** Reports progress or a failure. */
  notify(): void;
  /** Resolves when `isDone` is true; rejects with `toError` when `hasFailed`, or on a timeout. */
  until(isDone: () => boolean, hasFailed: () => boolean, toError: () => Error): Promise<void>;
}

/** @param timeoutMs how long a condition is waited for, in milliseconds */
export function createProgressWaiters(timeoutMs: number): ProgressWaiters {
  const listeners = new Set<() => void>();
  return {
    notify() {
      for (const listener of listeners) listener();
    },
    until: (isDone, hasFailed, toError) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timeout);
          listeners.delete(check);
          settle();
        };
        const check = () => {
          if (isDone()) end(resolve);
          else if (hasFailed()) end(() => reject(toError()));
        };
        const timeout = setTimeout(() => end(() => reject(toError())), timeoutMs);
        listeners.add(check);
        check();
      }),
  };
}
