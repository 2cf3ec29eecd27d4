import { EventsClientError, isFinalCode } from './events-client-error.ts';

/**
 * Why a connection was lost:
 * - `unreachable`: no HTTP answer
 * - `blocked`: HTTP works, but a WebSocket could not be opened
 * - `behind`: closed by this client, because its consumer was too slow
 * - `unreadable`: a message could not be parsed
 * - `lost`: anything else: cut, ended or temporarily refused
 */
export type LossKind = 'unreachable' | 'blocked' | 'behind' | 'unreadable' | 'lost';

/** A connection failed or could not be opened; a retry may succeed. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly kind: LossKind;

  constructor(kind: LossKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Returns the failure for a message that cannot be parsed. */
export const unreadable = (cause?: unknown) =>
  new ConnectionLostError('unreadable', 'A message of the server cannot be read.', { cause });

/** Returns the failure for the first error of a GraphQL answer: final by its code, or retryable. */
export function toFailure(errors: unknown): EventsClientError | ConnectionLostError {
  const first = (Array.isArray(errors) ? errors[0] : undefined) as
    | { message?: unknown; extensions?: { code?: unknown; oldestCursor?: unknown } }
    | undefined;
  const { code, oldestCursor } = first?.extensions ?? {};
  return failureOf(code, String(first?.message ?? 'The server refused.'), oldestCursor);
}

/** Returns the failure for an error code of the server. */
export function failureOf(
  code: unknown,
  message: string,
  oldestCursor?: unknown,
): EventsClientError | ConnectionLostError {
  return isFinalCode(code)
    ? new EventsClientError(code, message, {
        oldestCursor: typeof oldestCursor === 'string' ? oldestCursor : undefined,
      })
    : new ConnectionLostError('lost', message);
}
