import type { Crowd } from './crowd.ts';
import { prepareDelivery } from './delivery.ts';
import { percentile } from './percentile.ts';
import type { Poster } from './poster.ts';

/** What came of events that were posted one by one, the next when all had got the last one. */
export interface OneAtATime {
  events: number;
  deliveries: number;
  seconds: number;
  /** From the post to the last subscriber's message, the median, in milliseconds. */
  wholeMs: number;
  /** From the first subscriber's message to the last one's, the median, in milliseconds. */
  spreadMs: number;
}

/** Posts for so many milliseconds. */
export async function runOneAtATime(
  crowd: Crowd,
  poster: Poster,
  { ms, user }: { ms: number; user: string },
): Promise<OneAtATime> {
  const wholeMs: number[] = [];
  const spreadMs: number[] = [];
  let firstMs = 0;
  crowd.onText(() => {
    if (firstMs === 0) firstMs = performance.now();
  });
  const startedMs = performance.now();
  let lastMs = startedMs;
  while (lastMs - startedMs < ms) {
    const { request } = prepareDelivery(user);
    firstMs = 0;
    const postedMs = performance.now();
    const all = crowd.until(crowd.count() + crowd.size);
    await Promise.all([poster.post(request), all]);
    lastMs = performance.now();
    wholeMs.push(lastMs - postedMs);
    spreadMs.push(lastMs - firstMs);
  }
  crowd.onText(undefined);
  return {
    events: wholeMs.length,
    deliveries: wholeMs.length * crowd.size,
    seconds: (lastMs - startedMs) / 1_000,
    wholeMs: percentile(wholeMs, 0.5)[0] ?? Number.NaN,
    spreadMs: percentile(spreadMs, 0.5)[0] ?? Number.NaN,
  };
}
