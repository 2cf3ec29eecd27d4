import { EventlineError } from '../errors.ts';
import type { scopes } from './viewer.ts';

/** The error for a token without a scope that the request needs. */
export function missingScope(scope: (typeof scopes)[keyof typeof scopes]): EventlineError {
  return new EventlineError('FORBIDDEN', `Missing scope: ${scope}.`);
}
