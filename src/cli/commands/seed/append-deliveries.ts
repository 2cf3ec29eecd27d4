import { setTimeout as wait } from 'node:timers/promises';
import { UNKNOWN } from '../../../catalog/catalog.ts';
import type { Log } from '../../../log/log.ts';
import { parseDelivery } from '../../../webhook/parse-delivery.ts';
import type { Delivery } from './make-deliveries.ts';

/** Deliveries per chunk; the next chunk is generated while one is appended. */
const CHUNK = 2_000;

/** Outcomes of deliveries. */
export interface SeedCounts {
  stored: number;
  /** Already stored by an earlier run with the same seed. */
  duplicates: number;
  /** Stored events of types that the catalog does not know. */
  unknown: number;
  /** Quarantined. */
  refused: number;
}

export interface AppendOptions {
  /** Number of events to append or to find in the log. */
  events: number;
  /** Maximum events per second; unlimited when absent. */
  rate?: number | undefined;
  /** Stops after the current chunk. */
  signal: AbortSignal;
  /** Called after each chunk. */
  onProgress: (counts: Readonly<SeedCounts>) => void;
}

/**
 * Processes deliveries as the webhook does, without the signature: parses them, then appends or
 * quarantines them, received at their simulated time of arrival. In order, chunk by chunk.
 *
 * @throws LogUnavailableError; stored events stay, and a second run resumes after them
 */
export async function appendDeliveries(
  deliveries: Iterable<Delivery>,
  { appender, quarantine }: Pick<Log, 'appender' | 'quarantine'>,
  { events, rate, signal, onProgress }: AppendOptions,
): Promise<SeedCounts> {
  const counts: SeedCounts = { stored: 0, duplicates: 0, unknown: 0, refused: 0 };
  const size = rate === undefined ? CHUNK : Math.min(CHUNK, Math.max(1, Math.floor(rate / 4)));
  const startedMs = performance.now();
  let inFlight: Promise<unknown>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  let begun = 0;

  async function settle(): Promise<void> {
    const chunk = Promise.all(inFlight);
    // Its error surfaces when the next chunk is ready.
    chunk.catch(() => undefined);
    inFlight = [];
    await before;
    before = chunk;
    onProgress(counts);
    if (rate === undefined) return;
    const dueMs = startedMs + (begun / rate) * 1_000 - performance.now();
    if (dueMs > 0) await wait(dueMs, undefined, { signal }).catch(() => undefined);
  }

  for (const delivery of deliveries) {
    if (begun >= events || signal.aborted) break;
    inFlight.push(take(delivery));
    if (inFlight.length >= size) await settle();
  }
  await settle();
  await before;
  onProgress(counts);
  return counts;

  /** Appends synchronously, which preserves the order. */
  function take({ body, arrivesAtMs }: Delivery): Promise<void> {
    const rawBody = Buffer.from(body);
    const receivedAt = new Date(arrivesAtMs);
    const parsed = parseDelivery(rawBody, receivedAt);
    if (parsed.kind === 'refused') {
      const { problem, detail } = parsed;
      return quarantine.keep({ rawBody, problem, detail, receivedAt }).then(() => {
        counts.refused += 1;
      });
    }
    const { event } = parsed;
    begun += 1;
    return appender.append(event, rawBody.length).then(({ status }) => {
      counts[status === 'stored' ? 'stored' : 'duplicates'] += 1;
      if (event.type === UNKNOWN) counts.unknown += 1;
    });
  }
}
