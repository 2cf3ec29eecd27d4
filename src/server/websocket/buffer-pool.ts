/** Reusable buffer for bytes that are assembled and written at once. */
export interface BufferPool {
  /** Returns a buffer of this size with undefined content. */
  take(sizeBytes: number): Buffer;
  /** Marks the last buffer as still in use, so that the next `take` returns another one. */
  keep(): void;
}

/**
 * Creates a pool with one buffer of `sizeBytes`; a larger request gets its own buffer. The kernel
 * accepts most writes within the call, so a new buffer per write would be garbage at once.
 */
export function createBufferPool(sizeBytes: number): BufferPool {
  let space = Buffer.allocUnsafeSlow(sizeBytes);
  // One message goes to many sockets, so the next request usually has the same size.
  let last = space;
  return {
    take(length) {
      if (length > sizeBytes) return Buffer.allocUnsafe(length);
      if (last.length !== length) last = space.subarray(0, length);
      return last;
    },
    keep() {
      space = Buffer.allocUnsafeSlow(sizeBytes);
      last = space;
    },
  };
}
