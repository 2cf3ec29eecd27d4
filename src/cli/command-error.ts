/** A command cannot go on; the message says what to do, and is all that is printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
