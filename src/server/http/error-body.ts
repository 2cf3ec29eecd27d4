import type { ErrorCode } from '../../errors.ts';

/** The body of an error outside GraphQL and the webhook. */
export interface ErrorBody {
  error: string;
  code: ErrorCode;
  requestId: string;
}

/**
 * Returns the body of an error.
 *
 * @param message what is wrong and where; it must not contain anything that the sender may not read
 */
export function errorBody(code: ErrorCode, message: string, requestId: string): ErrorBody {
  return { error: message, code, requestId };
}
