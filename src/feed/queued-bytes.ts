/** Bytes of the items in all queues; an item in several queues counts once. */
export interface QueuedBytes<T> {
  /** Counts an item of a queue. Returns false, and does not count it, if it exceeds the limit. */
  add(item: T, sizeBytes: number): boolean;
  /** Called when an item has left a queue. */
  remove(item: T, sizeBytes: number): void;
  total(): number;
}

/** @param maxBytes bytes of all items */
export function createQueuedBytes<T>(maxBytes: number): QueuedBytes<T> {
  /** In how many queues each item is. */
  const uses = new Map<T, number>();
  let totalBytes = 0;
  return {
    add(item, sizeBytes) {
      const count = uses.get(item) ?? 0;
      if (count === 0 && totalBytes + sizeBytes > maxBytes) return false;
      if (count === 0) totalBytes += sizeBytes;
      uses.set(item, count + 1);
      return true;
    },
    remove(item, sizeBytes) {
      const count = uses.get(item) ?? 0;
      if (count > 1) return void uses.set(item, count - 1);
      if (uses.delete(item)) totalBytes -= sizeBytes;
    },
    total: () => totalBytes,
  };
}
