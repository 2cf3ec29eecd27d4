/**
 * A queue between one producer and one consumer that never holds more than its bounds. A push into
 * a full queue is refused and ends it: the consumer takes what is there, then is told that it fell
 * behind.
 */
export interface BoundedQueue<T> {
  /** Adds an item; false when it was full (it has ended then) or has ended before. */
  push(item: T, sizeBytes: number): boolean;
  /** The item that did not fit, if it ended because the consumer was too slow. */
  refused(): T | undefined;
  /** Takes the first item that waits; undefined where none does. */
  shift(): T | undefined;
  /**
   * Gives the items that wait, and from then on each that comes, to `take` at once, within the push,
   * until it does not take one: that one waits as any other. Resolves then, and when it has ended.
   */
  drain(take: (item: T) => boolean): Promise<void>;
  /**
   * Lets go of what waits and of what was refused. The first of it, with which the queue has ended;
   * undefined where it held nothing, and goes on.
   */
  drop(): T | undefined;
  /** True when nothing comes any more, however that came about. */
  hasEnded(): boolean;
  /** Ends it, and lets go of what waits. */
  end(): void;
}

export interface QueueBounds {
  /** How many items wait at most. */
  capacity: number;
  /** How many bytes they may have together; one alone may have more. */
  maxBytes: number;
}

/** Makes a queue within these bounds; `onEnd` is called once, however it ends. */
export function createBoundedQueue<T>(
  { capacity, maxBytes }: QueueBounds,
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

  function removeFirst(sizeBytes: number): void {
    heldBytes -= sizeBytes;
    // Not kept alive any longer than it waits.
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
    items = [];
    taken = 0;
    heldBytes = 0;
  }

  return {
    push(value, sizeBytes) {
      if (ended) return false;
      // While it is drained nothing waits.
      if (draining?.take(value)) return true;
      stopDraining();
      if (ended) return false;
      const waiting = items.length - taken;
      if (waiting >= capacity || (waiting > 0 && heldBytes + sizeBytes > maxBytes)) {
        refused = value;
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
      if (first) removeFirst(first.sizeBytes);
      return first?.value;
    },
    drain(take) {
      for (let first = items[taken]; first; first = items[taken]) {
        const wasTaken = take(first.value);
        // Taking it may have ended all.
        if (!wasTaken || items[taken] !== first) return Promise.resolve();
        removeFirst(first.sizeBytes);
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
