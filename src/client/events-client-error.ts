/**
 * Errors that a retry cannot fix; `UNAUTHENTICATED` only when a fresh token is refused too.
 * `MESSAGE_UNREADABLE` is the client's own: a message could not be parsed, twice after one cursor.
 */
const finalCodes = [
  'BAD_USER_INPUT',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'MESSAGE_UNREADABLE',
] as const;

export type EventsClientErrorCode = (typeof finalCodes)[number];

/** Ends a subscription: thrown from its loop, with the server's `extensions.code` and message. */
export class EventsClientError extends Error {
  override readonly name = 'EventsClientError';
  readonly code: EventsClientErrorCode;
  /**
   * With CURSOR_EXPIRED: the oldest cursor from which the subscription can resume; earlier events
   * are gone.
   */
  readonly oldestCursor: string | undefined;

  constructor(
    code: EventsClientErrorCode,
    message: string,
    { oldestCursor, ...options }: ErrorOptions & { oldestCursor?: string | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.oldestCursor = oldestCursor;
  }
}

/** Returns true for a server error code that ends a subscription. */
export function isFinalCode(code: unknown): code is EventsClientErrorCode {
  return (finalCodes as readonly unknown[]).includes(code);
}
