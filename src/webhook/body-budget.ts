/** The bytes that all bodies may have together which are being read or wait for their answer. */
export interface BodyBudget {
  /** True while no more can be taken in. */
  full(): boolean;
  /** The share of one delivery, to be released when it has its answer. */
  open(): BodyShare;
}

export interface BodyShare {
  /** Takes so many bytes more; false, and nothing is taken, where there are not as many left. */
  take(bytes: number): boolean;
  release(): void;
}

/**
 * Counts what has really come, not what is announced: else a few connections that announce much
 * and send nothing would keep all others out.
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  let totalBytes = 0;
  return {
    full: () => totalBytes >= maxBytes,
    open() {
      let ownBytes = 0;
      return {
        take(bytes) {
          if (totalBytes + bytes > maxBytes) return false;
          totalBytes += bytes;
          ownBytes += bytes;
          return true;
        },
        release() {
          totalBytes -= ownBytes;
          ownBytes = 0;
        },
      };
    },
  };
}
