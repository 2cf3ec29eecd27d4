/** A command cannot continue. The message says what to do and is all that is printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
