import type { NewEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import type { Appender } from '../log/append/appender.ts';
import type { AppendResult } from '../log/append/types.ts';
import type { Log } from '../log/log.ts';
import type { Quarantine } from '../log/quarantine.ts';
import { DeliveryError } from './delivery-error.ts';
import { parseDelivery } from './parse-delivery.ts';
import { toRefusal } from './to-refusal.ts';

/** How many go into one batch of the appender; a body has 2 MB at most, and all are in memory. */
const CHUNK = 32;

/**
 * What became of a kept delivery that was tried again. `gone`: somebody else was faster. `erased`: it
 * was acceptable, but its user was erased; it is in no place any more. The position is absent while
 * the event waits in the inbox for one.
 */
export type Retried = { id: string } & (
  | { status: 'stored' | 'duplicate'; position?: number; event: NewEvent }
  | { status: 'erased' }
  | { status: 'refused'; problem: string; detail: string }
  | { status: 'gone' }
  | { status: 'failed'; error: unknown }
);

export interface RetryOptions {
  quarantine: Pick<Quarantine, 'read' | 'explain' | 'remove'>;
  appender: Pick<Appender, 'append'>;
  findPosition: Log['findPosition'];
  /** Ends the work after the deliveries that are under way. */
  signal?: AbortSignal;
}

/**
 * Tries kept deliveries again with the catalog of now, in the order given, and yields what became
 * of each. What is acceptable is appended as received when it first came, and leaves the
 * quarantine only when it is durable in the log: it is never lost in between, and since the log
 * knows a repeat by its digest, neither a second run nor one beside this stores it twice. What is
 * not acceptable stays, with the reason of now.
 *
 * Ends early when the log is away: what was not tried is not yielded.
 *
 * @throws LogUnavailableError when the quarantine cannot be read
 */
export async function* retryRejected(
  ids: readonly string[],
  { quarantine, appender, findPosition, signal }: RetryOptions,
): AsyncGenerator<Retried> {
  for (let start = 0; start < ids.length && !signal?.aborted; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK);
    const bodies = await Promise.all(chunk.map((id) => quarantine.read(id)));
    // All are appended before the first await of any, so that they keep their order in the log.
    const results = await Promise.all(
      chunk.map((id, index) => retryOne(id, bodies[index], { quarantine, appender, findPosition })),
    );
    yield* results;
    const away = (result: Retried) =>
      result.status === 'failed' && result.error instanceof LogUnavailableError;
    if (results.some(away)) return;
  }
}

async function retryOne(
  id: string,
  kept: { rawBody: Buffer; firstAt: Date } | undefined,
  { quarantine, appender, findPosition }: RetryOptions,
): Promise<Retried> {
  if (kept === undefined) return { id, status: 'gone' };
  try {
    const { rawBody, firstAt } = kept;
    const outcome = await append(appender, rawBody, firstAt);
    if (outcome instanceof DeliveryError) {
      const { problem, detail } = outcome;
      await quarantine.explain(id, { problem, detail });
      return { id, status: 'refused', problem, detail };
    }
    const { status, digest } = outcome;
    await quarantine.remove(id);
    if (status === 'erased') return { id, status };
    const event = { ...outcome.event, digest };
    const position = outcome.position ?? (await findPosition(event));
    return { id, status, event, ...(position !== undefined && { position }) };
  } catch (error) {
    return { id, status: 'failed', error };
  }
}

async function append(
  appender: RetryOptions['appender'],
  rawBody: Buffer,
  receivedAt: Date,
): Promise<(AppendResult & { event: NewEvent }) | DeliveryError> {
  try {
    const event = parseDelivery(rawBody, receivedAt);
    return { ...(await appender.append(event, rawBody.length)), event };
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}
