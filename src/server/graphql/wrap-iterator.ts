export interface IteratorHooks<T, R> {
  /** Called with each `next`: the value before it was processed. */
  onNext?: (() => void) | undefined;
  /** The values stay as they are when absent. */
  map?: ((value: T) => R | Promise<R>) | undefined;
  /** Returns the error to throw in place of the one that has ended the iterator. */
  mapError?: ((error: unknown) => unknown) | undefined;
  /** Called once when the iterator has ended, for any reason. */
  onEnd?: (() => void) | undefined;
}

/** Returns an iterator over the mapped values. An error ends it, and its source. */
export function wrapIterator<T, R = T>(
  source: AsyncIterable<T>,
  hooks: IteratorHooks<T, R>,
): AsyncIterableIterator<R, undefined> {
  return new WrappedIterator(source[Symbol.asyncIterator](), hooks);
}

/**
 * Returns an iterator that also calls `onEnd` once when it has ended, for any reason. An iterator of
 * `wrapIterator` is not wrapped again: each wrapper of a waiting iterator holds its own promises.
 */
export function withEnd<T>(
  source: AsyncIterableIterator<T>,
  onEnd: () => void,
): AsyncIterableIterator<T> {
  if (!(source instanceof WrappedIterator)) return wrapIterator(source, { onEnd });
  source.addEnd(onEnd);
  return source;
}

/** Not an async generator: its `return` would wait for a pending `next` that may never settle. */
class WrappedIterator<T, R> implements AsyncIterableIterator<R, undefined> {
  readonly #source: AsyncIterator<T>;
  readonly #hooks: IteratorHooks<T, R>;
  #hasEnded = false;
  #onEnd: (() => void) | undefined;

  constructor(source: AsyncIterator<T>, hooks: IteratorHooks<T, R>) {
    this.#source = source;
    this.#hooks = hooks;
    this.#onEnd = hooks.onEnd;
  }

  addEnd(onEnd: () => void): void {
    const earlier = this.#onEnd;
    this.#onEnd = () => {
      earlier?.();
      onEnd();
    };
  }

  async next(): Promise<IteratorResult<R, undefined>> {
    const { onNext, map, mapError } = this.#hooks;
    try {
      onNext?.();
      const { done, value } = await this.#source.next();
      if (!done) return { done: false, value: map ? await map(value) : (value as R & T) };
    } catch (error) {
      await this.return().catch(() => undefined);
      throw mapError ? mapError(error) : error;
    }
    this.#end();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    this.#end();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd?.();
  }
}
