/**
 * Returns `this`, as the `[Symbol.asyncIterator]` of an iterator. A closure per iterator would cost
 * 300 bytes, most of them for the name that V8 stores with it.
 */
export function returnThis<T>(this: T): T {
  return this;
}
