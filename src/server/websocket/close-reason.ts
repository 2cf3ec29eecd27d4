import type { ErrorCode } from '../../errors.ts';

/** The longest reason of a close frame (RFC 6455, 5.5), in bytes. */
const MAX_REASON_LENGTH = 123;

/**
 * The reason of a close frame for an error: `CODE: message (request id)`. Where all of it has no
 * room the id is left out, and what is too long even so is cut. The id of what went wrong on our
 * side, by which it is found in the log, is in the message itself. What is not ASCII, as in words of the
 * client that are quoted, is a question mark: a character is a byte.
 */
export function closeReason(code: ErrorCode, message: string, requestId: string): string {
  const told = `${code}: ${message}`.replace(/[^ -~]/g, '?');
  const whole = `${told} (${requestId})`;
  const hasRoom = whole.length <= MAX_REASON_LENGTH && !message.includes(requestId);
  return hasRoom ? whole : told.slice(0, MAX_REASON_LENGTH);
}
