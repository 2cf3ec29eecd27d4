import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Resolves when every response is complete, or at the time limit. */
export async function answered(
  underway: ReadonlyMap<ServerResponse, IncomingMessage>,
  limitMs: number,
): Promise<void> {
  for (const request of underway.values()) {
    // An incomplete delivery was not acknowledged, and its sender may never finish.
    if (!request.complete) request.destroy();
  }
  await closedWithin(underway.keys(), limitMs);
}

/** Resolves when all responses are closed, or at the time limit. */
export async function closedWithin(
  responses: Iterable<ServerResponse>,
  limitMs: number,
): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  await Promise.all(
    [...responses].map((response) => once(response, 'close', { signal }).catch(() => undefined)),
  );
}
