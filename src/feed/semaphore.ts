/** Bytes that several share. */
export interface Semaphore {
  /** Asks for so many bytes; it is granted when they are free or all are, in the order of asking. */
  acquire(sizeBytes: number): Turn;
  /** Gives back what was granted. */
  release(sizeBytes: number): void;
}

export interface Turn {
  /** Resolves with true when it is granted, with false when it was given up before. */
  granted: Promise<boolean>;
  giveUp(): void;
}

interface Waiting {
  sizeBytes: number;
  settle: (granted: boolean) => void;
}

const AT_ONCE: Turn = { granted: Promise.resolve(true), giveUp: () => undefined };

/** Makes a budget of so many bytes; who asks for more than all of it gets it alone. */
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
        giveUp() {
          if (!waiting.delete(entry)) return;
          settle(false);
          // The next ones may need less.
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
