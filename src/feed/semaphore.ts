/** Weighted semaphore over a number of bytes. */
export interface Semaphore {
  /**
   * Requests bytes. They are granted in the order of the requests, when they are free or when all
   * are: at once where possible.
   *
   * @param onGranted called if they are granted later
   */
  acquire(sizeBytes: number, onGranted: () => void): Permit;
  /** Returns the bytes of a permit, or withdraws its request. */
  release(permit: Permit): void;
}

export interface Permit {
  readonly isGranted: boolean;
}

interface Request extends Permit {
  sizeBytes: number;
  isGranted: boolean;
  onGranted: () => void;
}

/** Creates a semaphore of `maxBytes`. A larger request is granted alone. */
export function createSemaphore(maxBytes: number): Semaphore {
  const waiting = new Set<Request>();
  let grantedBytes = 0;

  function tryGrant(request: Request): boolean {
    const { sizeBytes } = request;
    request.isGranted = grantedBytes === 0 || grantedBytes + sizeBytes <= maxBytes;
    if (request.isGranted) grantedBytes += sizeBytes;
    return request.isGranted;
  }

  function serve(): void {
    for (const first of waiting) {
      if (!tryGrant(first)) return;
      waiting.delete(first);
      first.onGranted();
    }
  }

  return {
    acquire(sizeBytes, onGranted) {
      const request: Request = { sizeBytes, onGranted, isGranted: false };
      if (waiting.size > 0 || !tryGrant(request)) waiting.add(request);
      return request;
    },
    release(permit) {
      const request = permit as Request;
      if (request.isGranted) grantedBytes -= request.sizeBytes;
      else if (!waiting.delete(request)) return;
      request.isGranted = false;
      // After a withdrawal, too: a later request may be smaller.
      serve();
    },
  };
}
