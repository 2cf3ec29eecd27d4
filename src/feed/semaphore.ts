export interface Permit {
  readonly isGranted: boolean;
}

interface Request extends Permit {
  sizeBytes: number;
  isGranted: boolean;
  onGranted: () => void;
}

/**
 * Weighted semaphore over a number of bytes. A request for more than all of them is granted alone.
 *
 * A class: each connection has one, and closures would take several times the memory.
 */
export class Semaphore {
  readonly #maxBytes: number;
  /** Created on first use, and then kept: most connections never wait. */
  #waiting: Set<Request> | undefined;
  #grantedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Requests bytes. They are granted in the order of the requests, when they are free or when all
   * are: at once where possible.
   *
   * @param onGranted called if they are granted later
   */
  acquire(sizeBytes: number, onGranted: () => void): Permit {
    const request: Request = { sizeBytes, onGranted, isGranted: false };
    if (this.#waiting?.size || !this.#tryGrant(request)) {
      this.#waiting ??= new Set();
      this.#waiting.add(request);
    }
    return request;
  }

  /** Returns the bytes of a permit, or withdraws its request. */
  release(permit: Permit): void {
    const request = permit as Request;
    if (request.isGranted) this.#grantedBytes -= request.sizeBytes;
    else if (!this.#waiting?.delete(request)) return;
    request.isGranted = false;
    // After a withdrawal, too: a later request may be smaller.
    this.#serve();
  }

  #tryGrant(request: Request): boolean {
    const { sizeBytes } = request;
    request.isGranted =
      this.#grantedBytes === 0 || this.#grantedBytes + sizeBytes <= this.#maxBytes;
    if (request.isGranted) this.#grantedBytes += sizeBytes;
    return request.isGranted;
  }

  #serve(): void {
    for (const first of this.#waiting ?? []) {
      if (!this.#tryGrant(first)) return;
      this.#waiting?.delete(first);
      first.onGranted();
    }
  }
}
