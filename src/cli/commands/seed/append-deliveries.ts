import { setTimeout as wait } from 'node:timers/promises';
import { UNKNOWN } from '../../../catalog/catalog.ts';
import type { Log } from '../../../log/log.ts';
import { parseDelivery } from '../../../webhook/parse-delivery.ts';
import { toRefusal } from '../../../webhook/to-refusal.ts';
import type { Delivery } from './make-deliveries.ts';

/** How many are appended at once; as many more are made meanwhile. */
const CHUNK = 2_000;

/** What became of deliveries. */
export interface SeedCounts {
  stored: number;
  /** Were in the log before: by an earlier run with the same seed. */
  duplicates: number;
  /** Of those, of types that the catalog does not know. */
  unknown: number;
  /** Kept in quarantine. */
  refused: number;
}

export interface AppendOptions {
  /** How many events of the log to append or find there. */
  events: number;
  /** Events a second at the most; without it as fast as it goes. */
  rate?: number | undefined;
  /** Ends it after what is under way. */
  signal: AbortSignal;
  /** Told after each chunk. */
  onProgress: (counts: Readonly<SeedCounts>) => void;
}

/**
 * Takes deliveries as the webhook does, without its signature: parses, appends or keeps in
 * quarantine, as received when they arrive in the simulation. In their order, chunk by chunk.
 *
 * @throws LogUnavailableError; what was stored by then stays, and a second run goes on behind it
 */
export async function appendDeliveries(
  deliveries: Iterable<Delivery>,
  { appender, quarantine }: Pick<Log, 'appender' | 'quarantine'>,
  { events, rate, signal, onProgress }: AppendOptions,
): Promise<SeedCounts> {
  const counts: SeedCounts = { stored: 0, duplicates: 0, unknown: 0, refused: 0 };
  const size = rate === undefined ? CHUNK : Math.min(CHUNK, Math.max(1, Math.floor(rate / 4)));
  const startedMs = performance.now();
  let underway: Promise<unknown>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  let begun = 0;

  async function settle(): Promise<void> {
    const chunk = Promise.all(underway);
    // Looked at only when the next chunk is made.
    chunk.catch(() => undefined);
    underway = [];
    await before;
    before = chunk;
    onProgress(counts);
    if (rate === undefined) return;
    const dueMs = startedMs + (begun / rate) * 1_000 - performance.now();
    if (dueMs > 0) await wait(dueMs, undefined, { signal }).catch(() => undefined);
  }

  for (const delivery of deliveries) {
    if (begun >= events || signal.aborted) break;
    underway.push(take(delivery));
    if (underway.length >= size) await settle();
  }
  await settle();
  await before;
  onProgress(counts);
  return counts;

  /** Appended in the same moment in which it is called, so that the order is kept. */
  function take({ body, arrivesAtMs }: Delivery): Promise<void> {
    const rawBody = Buffer.from(body);
    const receivedAt = new Date(arrivesAtMs);
    try {
      const event = parseDelivery(rawBody, receivedAt);
      begun += 1;
      return appender.append(event, rawBody.length).then(({ status }) => {
        counts[status === 'stored' ? 'stored' : 'duplicates'] += 1;
        if (event.type === UNKNOWN) counts.unknown += 1;
      });
    } catch (error) {
      const refusal = toRefusal(error);
      if (refusal === undefined) throw error;
      const { problem, detail } = refusal;
      return quarantine.keep({ rawBody, problem, detail, receivedAt }).then(() => {
        counts.refused += 1;
      });
    }
  }
}
