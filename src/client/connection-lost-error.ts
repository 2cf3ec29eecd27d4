import { EventsClientError, isFinalCode } from './events-client-error.ts';

/**
 * - `unreachable`: no answer came over HTTP
 * - `blocked`: HTTP works, but a WebSocket could not be opened
 * - `behind`: closed by the client itself, because its consumer was too slow for it
 * - `lost`: everything else: cut, ended or refused for the moment
 */
export type LossKind = 'unreachable' | 'blocked' | 'behind' | 'lost';

/** A connection is over, or could not be had, and another one may do better. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly kind: LossKind;

  constructor(kind: LossKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The first of a GraphQL answer's errors: final by its code, or a loss that may pass. */
export function toFailure(errors: unknown): EventsClientError | ConnectionLostError {
  const first = (Array.isArray(errors) ? errors[0] : undefined) as
    | { message?: unknown; extensions?: { code?: unknown; oldestCursor?: unknown } }
    | undefined;
  const { code, oldestCursor } = first?.extensions ?? {};
  return failureOf(code, String(first?.message ?? 'The server refused.'), oldestCursor);
}

/** The failure that a code of the server means. */
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
