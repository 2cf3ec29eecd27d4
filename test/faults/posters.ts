import { setTimeout as delay } from 'node:timers/promises';
import { type DeliverOptions, deliver } from './deliver.ts';
import { type Delivery, makeDelivery } from './delivery.ts';
import { createDurations, type Durations } from './figures.ts';
import { createRandom } from './random.ts';

/** Maximum postings in flight; while servers are unavailable the rest waits. */
const MAX_IN_FLIGHT = 256;
/** The next number is picked among this many, so that deliveries are not in order of occurrence. */
const SHUFFLED_AMONG = 16;
const TICK_MS = 10;

export interface Posters {
  /** Number of started deliveries. */
  started(): number;
  /** Number of deliveries in flight. */
  underway(): number;
  /** From the first attempt to the acknowledgement, of first postings. */
  untilAcknowledged: Durations;
  /** Starts no more; resolves when every delivery has its final answer. */
  finish(): Promise<void>;
}

/** Posts deliveries at a steady rate, or as fast as the servers accept them. */
export function startPosters(options: DeliverOptions & { ratePerSecond: number }): Posters {
  const { seed, ratePerSecond, ledger, signal } = options;
  const untilAcknowledged = createDurations();
  const underway = new Set<Promise<void>>();
  const startedMs = performance.now();
  let started = 0;
  const next = shuffledNumbers(seed);

  async function deliverAll(delivery: Delivery): Promise<void> {
    const { body, copies } = delivery;
    const beginMs = performance.now();
    const first = deliver(delivery, { body, copy: 0 }, options);
    const postings = copies.map(async ({ afterMs, body: copied }, index) => {
      if (afterMs !== undefined) {
        await first;
        if (!signal.aborted) await delay(afterMs);
      }
      await deliver(delivery, { body: copied, copy: index + 1 }, options);
    });
    await first;
    if (delivery.expects === 'acceptance') untilAcknowledged.add(performance.now() - beginMs);
    await Promise.all(postings);
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) * ratePerSecond) / 1_000);
    while (started < due && underway.size < MAX_IN_FLIGHT && !signal.aborted) {
      const delivery = makeDelivery(seed, next());
      ledger.posted(delivery);
      started += 1;
      const work = deliverAll(delivery).finally(() => underway.delete(work));
      underway.add(work);
    }
  }, TICK_MS);

  return {
    started: () => started,
    underway: () => underway.size,
    untilAcknowledged,
    async finish() {
      clearInterval(timer);
      await Promise.all(underway);
    },
  };
}

/** All numbers from 0, each once, slightly shuffled. */
function shuffledNumbers(seed: number): () => number {
  const random = createRandom(seed, 'order');
  const window = Array.from({ length: SHUFFLED_AMONG }, (_, index) => index);
  let upcoming = SHUFFLED_AMONG;
  return () => {
    const place = random.whole(0, window.length - 1);
    const number = window[place] as number;
    window[place] = upcoming;
    upcoming += 1;
    return number;
  };
}
