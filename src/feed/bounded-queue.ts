/**
 * A queue between one producer and one consumer that never holds more than its capacity. A push
 * into a full queue is refused and ends it: the consumer takes what is there, then is told that it
 * fell behind.
 */
export interface BoundedQueue<T> extends AsyncIterableIterator<T> {
  /** Adds an item; false when it was full (it has ended then) or has ended before. */
  push(item: T): boolean;
  /** True when it ended because the consumer was too slow. */
  overflowed(): boolean;
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
}

const DONE = { done: true, value: undefined } as const;

/** Makes a queue of at most `capacity` items; `onEnd` is called once, however it ends. */
export function createBoundedQueue<T>(capacity: number, onEnd: () => void): BoundedQueue<T> {
  let items: (T | undefined)[] = [];
  let taken = 0;
  const waiters: ((result: IteratorResult<T, undefined>) => void)[] = [];
  let ended = false;
  let overflow = false;

  function end(): void {
    if (ended) return;
    ended = true;
    onEnd();
    for (const waiter of waiters.splice(0)) waiter(DONE);
  }

  return {
    push(item) {
      if (ended) return false;
      const waiter = waiters.shift();
      if (waiter) {
        waiter({ done: false, value: item });
        return true;
      }
      if (items.length - taken >= capacity) {
        overflow = true;
        end();
        return false;
      }
      items.push(item);
      return true;
    },
    overflowed: () => overflow,
    next() {
      if (taken < items.length) {
        const value = items[taken] as T;
        // Not kept alive any longer than it waits.
        items[taken] = undefined;
        taken += 1;
        if (taken === items.length) {
          items = [];
          taken = 0;
        } else if (taken >= capacity) {
          items = items.slice(taken);
          taken = 0;
        }
        return Promise.resolve({ done: false, value });
      }
      if (ended) return Promise.resolve(DONE);
      return new Promise((resolve) => {
        waiters.push(resolve);
      });
    },
    return() {
      items = [];
      taken = 0;
      end();
      return Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
