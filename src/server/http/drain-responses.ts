import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Resolves when every response is complete, or at the time limit. */
export async function answered(
  inFlight: ReadonlyMap<ServerResponse, IncomingMessage>,
  limitMs: number,
): Promise<void> {
  for (const request of inFlight.values()) {
    // An incomplete delivery was not acknowledged, and its sender may never finish.
    if (!request.complete) request.destroy();
  }
  await closedWithin(inFlight.keys(), limitMs);
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
