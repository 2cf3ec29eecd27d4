/** An observable value. */
export interface Signal<T> {
  current(): T;
  /** Calls back at each change; returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
}

export interface WritableSignal<T> extends Signal<T> {
  set(value: T): void;
  /**
   * Resolves with what `find` returns for the value, now or after a change; rejects with the reason
   * of an abort.
   */
  until<Found>(find: (value: T) => Found | undefined, signal: AbortSignal): Promise<Found>;
}

/** Creates a signal in the form of React's `useSyncExternalStore`. */
export function createSignal<T>(initial: T): WritableSignal<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    current: () => value,
    subscribe,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    until: (find, signal) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          stop();
          signal.removeEventListener('abort', onAbort);
          finish();
        };
        const onAbort = () => settle(() => reject(signal.reason));
        const look = () => {
          const found = find(value);
          if (found !== undefined) settle(() => resolve(found));
        };
        const stop = subscribe(look);
        signal.addEventListener('abort', onAbort);
        if (signal.aborted) onAbort();
        else look();
      }),
  };
}
