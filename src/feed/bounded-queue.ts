import type { QueuedBytes } from './queued-bytes.ts';

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

export interface QueueCallbacks {
  /** Called within `push` when the queue was empty and has an item. It may take the item at once. */
  onReadable: () => void;
  /** Called once, however the queue ends. */
  onEnd: () => void;
}

/**
 * Bounded queue between one producer and one consumer. A push into a full queue is refused and ends
 * it: the consumer takes what is queued, then learns that it fell behind.
 *
 * A class, like everything that each subscription has: closures would take several times the memory.
 */
export class BoundedQueue<T> {
  readonly #bounds: QueueBounds;
  readonly #callbacks: QueueCallbacks;
  #items: ({ value: T; sizeBytes: number } | undefined)[] = [];
  #taken = 0;
  #heldBytes = 0;
  /** An item that the consumer may take within `push`. Only an item that it leaves is counted. */
  #offered: T | undefined;
  #hasEnded = false;
  #refused: T | undefined;

  constructor(bounds: QueueBounds, callbacks: QueueCallbacks) {
    this.#bounds = bounds;
    this.#callbacks = callbacks;
  }

  /** True when no further item can arrive, whatever the reason. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The first missed item, if the queue ended because the consumer was too slow. */
  get refused(): T | undefined {
    return this.#refused;
  }

  /** Adds an item. Returns false when the queue is full, which ends it, or has already ended. */
  push(value: T, sizeBytes: number): boolean {
    if (this.#hasEnded) return false;
    const { capacity, maxBytes, queued } = this.#bounds;
    const waiting = this.#items.length - this.#taken;
    if (waiting === 0) {
      this.#offered = value;
      this.#callbacks.onReadable();
      if (this.#offered === undefined) return true;
      this.#offered = undefined;
    } else if (waiting >= capacity || this.#heldBytes + sizeBytes > maxBytes) {
      this.#refuse(value);
      return false;
    }
    if (queued && !queued.add(value, sizeBytes)) {
      this.#refuse(this.#items[this.#taken]?.value ?? value);
      this.#removeAll();
      return false;
    }
    this.#items.push({ value, sizeBytes });
    this.#heldBytes += sizeBytes;
    return true;
  }

  /** Returns the first item, or undefined when the queue is empty. */
  peek(): T | undefined {
    return this.#items[this.#taken]?.value ?? this.#offered;
  }

  /** Removes the first item and returns it. */
  shift(): T | undefined {
    const first = this.#items[this.#taken];
    if (first === undefined) {
      const offered = this.#offered;
      this.#offered = undefined;
      return offered;
    }
    const { value, sizeBytes } = first;
    this.#bounds.queued?.remove(value, sizeBytes);
    this.#heldBytes -= sizeBytes;
    // Lets the garbage collector take the item.
    this.#items[this.#taken] = undefined;
    this.#taken += 1;
    if (this.#taken === this.#items.length || this.#taken >= this.#bounds.capacity) {
      this.#items = this.#items.slice(this.#taken);
      this.#taken = 0;
    }
    return value;
  }

  /**
   * Discards all queued items and the refused one. Returns the first discarded item, with which the
   * queue has ended, or undefined when there was none and the queue stays open.
   */
  drop(): T | undefined {
    const first = this.peek() ?? this.#refused;
    if (first === undefined) return undefined;
    this.#refused = undefined;
    this.end();
    return first;
  }

  /** Ends the queue and discards its items. */
  end(): void {
    this.#removeAll();
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#callbacks.onEnd();
  }

  #refuse(value: T): void {
    this.#refused = value;
    this.#hasEnded = true;
    this.#callbacks.onEnd();
  }

  #removeAll(): void {
    const { queued } = this.#bounds;
    for (const item of this.#items) if (item) queued?.remove(item.value, item.sizeBytes);
    this.#items = [];
    this.#taken = 0;
    this.#heldBytes = 0;
    this.#offered = undefined;
  }
}
