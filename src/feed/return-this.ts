/**
 * For the `[Symbol.asyncIterator]` of what iterates itself. A function of its own for each would take
 * 300 bytes, most of them for a name that V8 makes each time.
 */
export function returnThis<T>(this: T): T {
  return this;
}
