/** Space for bytes that are put together and written in one go, over and over the same. */
export interface BufferPool {
  /** So many bytes of it, as they are left by whoever had them before. */
  take(sizeBytes: number): Buffer;
  /** What was taken last is still needed by somebody: the next ones are others. */
  keep(): void;
}

/**
 * Makes space of so many bytes; who takes more gets a buffer of its own. Most writes are taken by the
 * kernel within the call, and a new buffer for each would be garbage at once.
 */
export function createBufferPool(sizeBytes: number): BufferPool {
  let space = Buffer.allocUnsafeSlow(sizeBytes);
  // One message goes to many, so the next one mostly takes as much.
  let last = space;
  return {
    take(wanted) {
      if (wanted > sizeBytes) return Buffer.allocUnsafe(wanted);
      if (last.length !== wanted) last = space.subarray(0, wanted);
      return last;
    },
    keep() {
      space = Buffer.allocUnsafeSlow(sizeBytes);
      last = space;
    },
  };
}
