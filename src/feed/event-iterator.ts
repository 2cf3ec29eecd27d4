import { sizeOf } from '../catalog/size-of.ts';
import type { Permit, Semaphore } from './semaphore.ts';
import type { FeedItem, Source } from './source.ts';

const DONE = { done: true, value: undefined } as const;

/**
 * Takes an item directly. `full`: not now; it calls `onDrained` when it may take more. `refused`:
 * the item goes to `next`.
 */
export type Sink<Item> = (item: Item, onDrained: () => void) => 'taken' | 'full' | 'refused';

interface Waiting<Item> {
  resolve: (result: IteratorResult<Item, undefined>) => void;
  reject: (error: unknown) => void;
}

/**
 * The async iterator of a source, as graphql-js wants it.
 *
 * With a `pipe`, each item that a `next` waits for is offered to the sink first. The `next` stays
 * pending while the sink takes items: they cost no promise.
 *
 * With a semaphore, `next` delivers an event only when the semaphore has room for it. The event
 * counts until the following `next`: by then it has been executed, serialised and written to the
 * socket. One event may match hundreds of subscriptions of a socket at once, and all of them would
 * find its buffer empty. What the sink takes is not counted, since it is written at once.
 */
export class EventIterator<Item extends FeedItem = FeedItem>
  implements AsyncIterableIterator<Item, undefined>
{
  readonly #source: Source<Item>;
  readonly #budget: Semaphore | undefined;
  /** The calls of `next` that have no item yet. */
  #waiting: Waiting<Item>[] = [];
  /** For the event that was delivered last, or waits for memory. */
  #permit: Permit | undefined;
  #sink: Sink<Item> | undefined;
  #isFull = false;
  #isErrorTold = false;

  /** @param budget memory that the iterators of a connection share; unlimited when absent */
  constructor(source: Source<Item>, budget?: Semaphore) {
    this.#source = source;
    this.#budget = budget;
    source.onReadable(this.#serve);
  }

  /** Offers items to a sink from now on. */
  pipe(sink: Sink<Item>): void {
    this.#sink = sink;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    this.#release();
    return new Promise((resolve, reject) => {
      // A new list for the first, which is usually the only one: `push` would reserve 17 places.
      if (this.#waiting.length === 0) this.#waiting = [{ resolve, reject }];
      else this.#waiting.push({ resolve, reject });
      this.#serve();
    });
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#isErrorTold = true;
    this.#source.close();
    this.#release();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<Item, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #serve = (): void => {
    while (this.#waiting.length > 0 && !this.#isFull) {
      const item = this.#source.peek();
      if (item === undefined) break;
      const answer = this.#sink?.(item, this.#onDrained) ?? 'refused';
      if (answer === 'full') {
        this.#isFull = true;
      } else if (answer === 'taken') {
        this.#source.shift();
      } else {
        if (!this.#hasMemoryFor(item)) return;
        this.#source.shift();
        this.#waiting.shift()?.resolve({ done: false, value: item });
        if (this.#waiting.length === 0) return;
        this.#release();
      }
    }
    if (this.#source.end) this.#finish(this.#source.end);
    // The item that waited for memory was discarded, and is read again.
    else if (this.#waiting.length > 0) this.#release();
  };

  readonly #onDrained = (): void => {
    this.#isFull = false;
    this.#serve();
  };

  #hasMemoryFor(item: Item): boolean {
    // A mark has no size worth counting but keeps its place in the queue.
    const sizeBytes = 'caughtUpAt' in item ? 0 : sizeOf(item);
    this.#permit ??= this.#budget?.acquire(sizeBytes, this.#serve);
    return this.#permit?.isGranted ?? true;
  }

  #release(): void {
    const permit = this.#permit;
    this.#permit = undefined;
    if (permit) this.#budget?.release(permit);
  }

  #finish({ error }: { error?: unknown }): void {
    this.#release();
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (error === undefined || this.#isErrorTold) resolve(DONE);
      else reject(error);
      this.#isErrorTold = true;
    }
  }
}
