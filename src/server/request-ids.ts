import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** The id of the HTTP request, or of the WebSocket message, that is being handled. */
export const requestIds = new AsyncLocalStorage<string>();

/** That id, for errors deep inside. */
export function currentRequestId(): string {
  return requestIds.getStore() ?? randomUUID();
}
