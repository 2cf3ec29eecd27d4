import type { Crowd } from './crowd.ts';
import { prepareDelivery } from './delivery.ts';
import type { Poster } from './poster.ts';

/** What came of bursts, each posted when all had got the last one. */
export interface Bursts {
  events: number;
  deliveries: number;
  seconds: number;
  /** Posts that were answered 503 and sent again. */
  refusals: number;
}

/** Posts bursts, one event on each of `size` connections at once, for so many milliseconds. */
export async function runBursts(
  crowd: Crowd,
  all: readonly Poster[],
  { ms, user, size }: { ms: number; user: string; size: number },
): Promise<Bursts> {
  const posters = all.slice(0, size);
  const refused = () => posters.reduce((sum, poster) => sum + poster.refusals(), 0);
  const before = refused();
  let events = 0;
  let seconds = 0;
  while (seconds * 1_000 < ms) {
    // Made before the clock runs: the generator must not be what is measured.
    const requests = posters.map((poster) => ({ poster, ...prepareDelivery(user) }));
    const startedMs = performance.now();
    const got = crowd.until(crowd.count() + posters.length * crowd.size);
    await Promise.all([got, ...requests.map(({ poster, request }) => poster.post(request))]);
    seconds += (performance.now() - startedMs) / 1_000;
    events += posters.length;
  }
  const refusals = refused() - before;
  return { events, deliveries: events * crowd.size, seconds, refusals };
}
