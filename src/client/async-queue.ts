/** Queue for a source that cannot be paused: it pushes, and one consumer pulls. */
export interface AsyncQueue<T> {
  /** Number of queued items. */
  size(): number;
  push(item: T): void;
  /** Ends the queue; queued items can still be taken. Only the first reason counts. */
  end(reason: Error): void;
  /**
   * Returns the next item; rejects with the reason when the queue has ended and is empty. One call
   * at a time.
   */
  next(): Promise<T>;
}

/** Creates an empty queue. */
export function createAsyncQueue<T>(): AsyncQueue<T> {
  const waiting: T[] = [];
  let ended: Error | undefined;
  let wake: () => void = () => undefined;
  return {
    size: () => waiting.length,
    push(item) {
      if (ended) return;
      waiting.push(item);
      wake();
    },
    end(reason) {
      ended ??= reason;
      wake();
    },
    async next() {
      for (;;) {
        if (waiting.length > 0) return waiting.shift() as T;
        if (ended) throw ended;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
