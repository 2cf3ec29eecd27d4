import { prepareDelivery } from './delivery.ts';
import { percentile } from './percentile.ts';
import type { Poster } from './poster.ts';
import type { SubscriberGroup } from './subscriber-group.ts';

/** Result of events that were posted one by one, each when all subscribers had received the one before. */
export interface OneAtATime {
  events: number;
  deliveries: number;
  seconds: number;
  /** Median time from the post to the last subscriber's message, in milliseconds. */
  wholeMs: number;
  /** Median time from the first subscriber's message to the last one's, in milliseconds. */
  spreadMs: number;
}

/** Posts events for `ms` milliseconds. */
export async function runOneAtATime(
  group: SubscriberGroup,
  poster: Poster,
  { ms, user }: { ms: number; user: string },
): Promise<OneAtATime> {
  const wholeMs: number[] = [];
  const spreadMs: number[] = [];
  let firstMs = 0;
  group.onText(() => {
    if (firstMs === 0) firstMs = performance.now();
  });
  const startedMs = performance.now();
  let lastMs = startedMs;
  while (lastMs - startedMs < ms) {
    const { request } = prepareDelivery(user);
    firstMs = 0;
    const postedMs = performance.now();
    const all = group.waitForCount(group.count() + group.size);
    await Promise.all([poster.post(request), all]);
    lastMs = performance.now();
    wholeMs.push(lastMs - postedMs);
    spreadMs.push(lastMs - firstMs);
  }
  group.onText(undefined);
  return {
    events: wholeMs.length,
    deliveries: wholeMs.length * group.size,
    seconds: (lastMs - startedMs) / 1_000,
    wholeMs: percentile(wholeMs, 0.5)[0] ?? Number.NaN,
    spreadMs: percentile(spreadMs, 0.5)[0] ?? Number.NaN,
  };
}
