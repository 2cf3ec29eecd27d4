import type { QueuedBytes } from './queued-bytes.ts';

/**
 * Bounded queue between one producer and one consumer. A push into a full queue is refused and ends
 * it: the consumer takes what is queued, then learns that it fell behind.
 */
export interface BoundedQueue<T> {
  /** Adds an item. Returns false when the queue is full, which ends it, or has already ended. */
  push(item: T, sizeBytes: number): boolean;
  /** The first missed item, if the queue ended because the consumer was too slow. */
  refused(): T | undefined;
  /** Removes and returns the first item, or undefined when the queue is empty. */
  shift(): T | undefined;
  /**
   * Passes queued items, and then each pushed item, to `take`, synchronously within the push. Stops
   * at the first item that `take` refuses; that item stays queued. Resolves when it stops and when
   * the queue has ended.
   */
  drain(take: (item: T) => boolean): Promise<void>;
  /**
   * Discards all queued items and the refused one. Returns the first discarded item, with which the
   * queue has ended, or undefined when there was none and the queue stays open.
   */
  drop(): T | undefined;
  /** True when no further item can arrive, whatever the reason. */
  hasEnded(): boolean;
  /** Ends the queue and discards its items. */
  end(): void;
}

export interface QueueBounds {
  /** Maximum number of queued items. */
  capacity: number;
  /** Maximum bytes of all queued items; a single item may be larger. */
  maxBytes: number;
  /**
   * Bytes of all queues together; unlimited when absent. A queue that would exceed them discards all
   * its items.
   */
  queued?: QueuedBytes<unknown> | undefined;
}

/** Creates a queue with these bounds. `onEnd` is called once, however the queue ends. */
export function createBoundedQueue<T>(
  { capacity, maxBytes, queued }: QueueBounds,
  onEnd: () => void,
): BoundedQueue<T> {
  let items: ({ value: T; sizeBytes: number } | undefined)[] = [];
  let taken = 0;
  let heldBytes = 0;
  let draining: { take: (item: T) => boolean; stop: () => void } | undefined;
  let ended = false;
  let refused: T | undefined;

  function end(): void {
    if (ended) return;
    ended = true;
    onEnd();
    stopDraining();
  }

  function stopDraining(): void {
    draining?.stop();
    draining = undefined;
  }

  function removeFirst({ value, sizeBytes }: { value: T; sizeBytes: number }): void {
    queued?.remove(value, sizeBytes);
    heldBytes -= sizeBytes;
    // Lets the garbage collector take the item.
    items[taken] = undefined;
    taken += 1;
    if (taken === items.length) {
      items = [];
      taken = 0;
    } else if (taken >= capacity) {
      items = items.slice(taken);
      taken = 0;
    }
  }

  function removeAll(): void {
    for (const item of items) if (item) queued?.remove(item.value, item.sizeBytes);
    items = [];
    taken = 0;
    heldBytes = 0;
  }

  return {
    push(value, sizeBytes) {
      if (ended) return false;
      // While a consumer drains the queue, it is empty.
      if (draining?.take(value)) return true;
      stopDraining();
      if (ended) return false;
      const waiting = items.length - taken;
      if (waiting >= capacity || (waiting > 0 && heldBytes + sizeBytes > maxBytes)) {
        refused = value;
        end();
        return false;
      }
      if (queued && !queued.add(value, sizeBytes)) {
        refused = items[taken]?.value ?? value;
        removeAll();
        end();
        return false;
      }
      items.push({ value, sizeBytes });
      heldBytes += sizeBytes;
      return true;
    },
    refused: () => refused,
    shift() {
      const first = items[taken];
      if (first) removeFirst(first);
      return first?.value;
    },
    drain(take) {
      for (let first = items[taken]; first; first = items[taken]) {
        const wasTaken = take(first.value);
        // `take` may have ended the queue.
        if (!wasTaken || items[taken] !== first) return Promise.resolve();
        removeFirst(first);
      }
      if (ended) return Promise.resolve();
      return new Promise((stop) => {
        draining = { take, stop };
      });
    },
    drop() {
      const first = items[taken] ? items[taken]?.value : refused;
      if (first === undefined) return undefined;
      refused = undefined;
      removeAll();
      end();
      return first;
    },
    hasEnded: () => ended,
    end() {
      removeAll();
      end();
    },
  };
}
