/** Thrown when a command cannot continue. Only its message is printed, which says what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
