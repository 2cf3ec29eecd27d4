import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The id of the HTTP request, or of the WebSocket message, that is being handled. */
export const requestIds = new AsyncLocalStorage<string>();

/** That id, for errors deep inside. */
export function currentRequestId(): string {
  return requestIds.getStore() ?? randomUUID();
}

/** The caller's id where it is a plain one, so that logs of several systems can be joined. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
}
