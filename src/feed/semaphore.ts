/** Weighted semaphore over a number of bytes. */
export interface Semaphore {
  /**
   * Requests bytes. They are granted in the order of the requests, when they are free or when all
   * are.
   */
  acquire(sizeBytes: number): Permit;
  /** Returns granted bytes. */
  release(sizeBytes: number): void;
}

export interface Permit {
  /** Resolves with true when granted, with false when cancelled before. */
  granted: Promise<boolean>;
  cancel(): void;
}

interface Waiting {
  sizeBytes: number;
  settle: (granted: boolean) => void;
}

const AT_ONCE: Permit = { granted: Promise.resolve(true), cancel: () => undefined };

/** Creates a semaphore of `maxBytes`. A larger request is granted alone. */
export function createSemaphore(maxBytes: number): Semaphore {
  const waiting = new Set<Waiting>();
  let grantedBytes = 0;

  const fits = (sizeBytes: number) => grantedBytes === 0 || grantedBytes + sizeBytes <= maxBytes;

  function serve(): void {
    for (const first of waiting) {
      if (!fits(first.sizeBytes)) return;
      waiting.delete(first);
      grantedBytes += first.sizeBytes;
      first.settle(true);
    }
  }

  return {
    acquire(sizeBytes) {
      if (waiting.size === 0 && fits(sizeBytes)) {
        grantedBytes += sizeBytes;
        return AT_ONCE;
      }
      let settle: Waiting['settle'] = () => undefined;
      const granted = new Promise<boolean>((resolve) => {
        settle = resolve;
      });
      const entry = { sizeBytes, settle };
      waiting.add(entry);
      return {
        granted,
        cancel() {
          if (!waiting.delete(entry)) return;
          settle(false);
          // A later request may be smaller.
          serve();
        },
      };
    },
    release(sizeBytes) {
      grantedBytes -= sizeBytes;
      serve();
    },
  };
}
