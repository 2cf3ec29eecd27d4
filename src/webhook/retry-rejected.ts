import type { NewEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import type { Appender } from '../log/append/appender.ts';
import type { Log } from '../log/log.ts';
import type { Quarantine } from '../log/quarantine.ts';
import { storeDelivery } from './store-delivery.ts';

/** Maximum deliveries retried at once, and the bytes of their bodies; one alone may have more. */
const CHUNK = 32;
const MAX_CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * The outcome of one retried delivery. `gone`: another process has already removed it. `erased`: it
 * was acceptable, but its user is erased, so it is deleted. The position is absent while the event
 * waits in the inbox.
 */
export type Retried = { id: string } & (
  | { status: 'stored' | 'duplicate'; position?: number; event: NewEvent }
  | { status: 'erased' }
  | { status: 'refused'; problem: string; detail: string }
  | { status: 'gone' }
  | { status: 'failed'; error: unknown }
);

export interface RetryOptions {
  quarantine: Pick<Quarantine, 'sizes' | 'read' | 'explain' | 'remove'>;
  appender: Pick<Appender, 'append'>;
  findPosition: Log['findPosition'];
  /** Stops after the current batch. */
  signal?: AbortSignal;
}

/**
 * Retries quarantined deliveries with the current catalog, in the given order, and yields each
 * outcome. An acceptable delivery is appended with its original time of reception, and leaves the
 * quarantine once it is durable in the log, so it is never lost. The log recognises duplicates by
 * their digest, so repeated or concurrent runs store an event once. A delivery that is still not
 * acceptable stays, with its current reason.
 *
 * Ends early when the log is unavailable; deliveries that were not tried are not yielded.
 *
 * @throws LogUnavailableError when the quarantine cannot be read
 */
export async function* retryRejected(
  ids: readonly string[],
  { quarantine, appender, findPosition, signal }: RetryOptions,
): AsyncGenerator<Retried> {
  for (let start = 0; start < ids.length && !signal?.aborted; ) {
    const chunk = await takeChunk(ids.slice(start, start + CHUNK), quarantine);
    start += chunk.length;
    const bodies = await Promise.all(chunk.map((id) => quarantine.read(id)));
    // All calls to append come before the first await, which keeps their order in the log.
    const results = await Promise.all(
      chunk.map((id, index) => retryOne(id, bodies[index], { quarantine, appender, findPosition })),
    );
    yield* results;
    const isUnavailable = (result: Retried) =>
      result.status === 'failed' && result.error instanceof LogUnavailableError;
    if (results.some(isUnavailable)) return;
  }
}

/** Returns the first deliveries whose bodies fit into the memory. */
async function takeChunk(
  ids: readonly string[],
  quarantine: Pick<Quarantine, 'sizes'>,
): Promise<readonly string[]> {
  const sizes = await quarantine.sizes(ids);
  let bytes = 0;
  const end = ids.findIndex((id, index) => {
    bytes += sizes.get(id) ?? 0;
    return index > 0 && bytes > MAX_CHUNK_BYTES;
  });
  return end === -1 ? ids : ids.slice(0, end);
}

async function retryOne(
  id: string,
  kept: { rawBody: Buffer; problem: string; firstAt: Date } | undefined,
  { quarantine, appender, findPosition }: RetryOptions,
): Promise<Retried> {
  if (kept === undefined) return { id, status: 'gone' };
  const { rawBody, problem: before, firstAt: receivedAt } = kept;
  const isEncoded = before === 'unsupported-media-type';
  try {
    const outcome = await storeDelivery({ rawBody, receivedAt, isEncoded }, appender);
    if (outcome.kind === 'refused') {
      const { problem, detail, error } = outcome;
      if (error !== undefined) return { id, status: 'failed', error };
      await quarantine.explain(id, { problem, detail });
      return { id, status: 'refused', problem, detail };
    }
    const { status, digest, position: known } = outcome.result;
    await quarantine.remove(id);
    if (status === 'erased') return { id, status };
    const event = { ...outcome.event, digest };
    const position = known ?? (await findPosition(event));
    return { id, status, event, ...(position !== undefined && { position }) };
  } catch (error) {
    return { id, status: 'failed', error };
  }
}
