/** What trying again would not mend; `UNAUTHENTICATED` only where a fresh token is refused too. */
const finalCodes = [
  'BAD_USER_INPUT',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
  'FORBIDDEN',
  'UNAUTHENTICATED',
] as const;

export type EventsClientErrorCode = (typeof finalCodes)[number];

/** Ends a subscription: thrown from its loop, with the server's `extensions.code` and message. */
export class EventsClientError extends Error {
  override readonly name = 'EventsClientError';
  readonly code: EventsClientErrorCode;
  /** With CURSOR_EXPIRED: the oldest cursor that can be gone on from, without what was before. */
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

/** Whether a code of the server is one that ends a subscription. */
export function isFinalCode(code: unknown): code is EventsClientErrorCode {
  return (finalCodes as readonly unknown[]).includes(code);
}
