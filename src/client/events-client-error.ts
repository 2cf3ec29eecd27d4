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

  constructor(code: EventsClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether a code of the server is one that ends a subscription. */
export function isFinalCode(code: unknown): code is EventsClientErrorCode {
  return (finalCodes as readonly unknown[]).includes(code);
}
