import type { ErrorCode } from '../../errors.ts';

/** The body of an error where neither GraphQL nor the webhook has a form for it. */
export interface ErrorBody {
  error: string;
  code: ErrorCode;
  requestId: string;
}

/** @param message what and where; it holds nothing of the request but what its sender may read */
export function errorBody(code: ErrorCode, message: string, requestId: string): ErrorBody {
  return { error: message, code, requestId };
}
