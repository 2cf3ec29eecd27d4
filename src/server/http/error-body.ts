import type { ErrorCode } from '../../errors.ts';

/** The body of an error where neither GraphQL nor the webhook has a form for it. */
export interface PlainError {
  error: string;
  code: ErrorCode;
  requestId: string;
}

/** @param message what and where; it holds nothing of the request but what its sender may read */
export function plainError(code: ErrorCode, message: string, requestId: string): PlainError {
  return { error: message, code, requestId };
}
