import type { ErrorCode } from '../../errors.ts';

/** Longest reason of a close frame (RFC 6455, 5.5), in bytes. */
const MAX_REASON_LENGTH = 123;

/**
 * Returns the reason of a close frame for an error: `CODE: message (request id)`. Without room the
 * id is omitted, and then the message is cut. For internal errors the id is part of the message.
 * Non-ASCII characters, as in quoted client input, become question marks, so that one character is
 * one byte.
 */
export function closeReason(code: ErrorCode, message: string, requestId: string): string {
  const text = `${code}: ${message}`.replace(/[^ -~]/g, '?');
  const whole = `${text} (${requestId})`;
  const hasRoom = whole.length <= MAX_REASON_LENGTH && !message.includes(requestId);
  return hasRoom ? whole : text.slice(0, MAX_REASON_LENGTH);
}
