import { prepareDelivery } from './delivery.ts';
import type { Poster } from './poster.ts';
import type { SubscriberGroup } from './subscriber-group.ts';

/** Result of bursts; each was posted when all subscribers had received the one before. */
export interface Bursts {
  events: number;
  deliveries: number;
  seconds: number;
  /** Posts that were answered with 503 and retried. */
  refusals: number;
}

/** Posts bursts for `ms` milliseconds: one event on each of `size` connections at the same time. */
export async function runBursts(
  group: SubscriberGroup,
  all: readonly Poster[],
  { ms, user, size }: { ms: number; user: string; size: number },
): Promise<Bursts> {
  const posters = all.slice(0, size);
  const countRefusals = () => posters.reduce((sum, poster) => sum + poster.refusals(), 0);
  const before = countRefusals();
  let events = 0;
  let seconds = 0;
  while (seconds * 1_000 < ms) {
    // Prepared before the measurement, which must not include the load generator's work.
    const requests = posters.map((poster) => ({ poster, ...prepareDelivery(user) }));
    const startedMs = performance.now();
    const received = group.waitForCount(group.count() + posters.length * group.size);
    await Promise.all([received, ...requests.map(({ poster, request }) => poster.post(request))]);
    seconds += (performance.now() - startedMs) / 1_000;
    events += posters.length;
  }
  const refusals = countRefusals() - before;
  return { events, deliveries: events * group.size, seconds, refusals };
}
