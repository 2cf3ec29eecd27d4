import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Resolves when every response has left, or the time for that is over. */
export async function answered(
  underway: ReadonlyMap<ServerResponse, IncomingMessage>,
  limitMs: number,
): Promise<void> {
  for (const request of underway.values()) {
    // A delivery that has not come whole was promised nothing; its sender may take for ever.
    if (!request.complete) request.destroy();
  }
  await closedWithin(underway.keys(), limitMs);
}

/** Resolves when all responses have left, or the time for that is over. */
export async function closedWithin(
  responses: Iterable<ServerResponse>,
  limitMs: number,
): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  await Promise.all(
    [...responses].map((response) => once(response, 'close', { signal }).catch(() => undefined)),
  );
}
