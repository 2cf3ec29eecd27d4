/** What has arrived and was not taken yet, of a source that cannot be told to wait. */
export interface AsyncQueue<T> {
  /** How many wait. */
  size(): number;
  push(item: T): void;
  /** Nothing more comes; what waits can still be taken. Only the first reason counts. */
  end(reason: Error): void;
  /** The next one; rejects with the reason when all are taken. One call at a time. */
  next(): Promise<T>;
}

/** Makes a queue between a source that pushes and a consumer that pulls. */
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
