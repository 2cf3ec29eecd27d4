import { userOf } from '../contract.ts';
import type { Crowd } from './crowd.ts';
import { prepareDelivery } from './delivery.ts';
import { percentile } from './percentile.ts';
import type { Poster } from './poster.ts';

/** What came of connections that each post when they have been answered. */
export interface ClosedLoop {
  events: number;
  seconds: number;
  deliveries: number;
  /** From the post to its answer, in milliseconds. */
  p50Ms: number;
  p99Ms: number;
}

export interface ClosedLoopOptions {
  ms: number;
  /** Fewer are not enough, however long they take; none unless told otherwise. */
  least?: number;
  /** The events go to so many users, from the first one's number on, in turn. */
  users: number;
  firstUser: number;
  /** So many are made before: where they are all posted before the time is over, it ends then. */
  most: number;
  /** Each event reaches one subscriber, and is waited for. */
  isDelivered: boolean;
}

/** Makes the deliveries; what is returned posts them. */
export function prepareClosedLoop(options: ClosedLoopOptions) {
  const { ms, least = 0, users, firstUser, most, isDelivered } = options;
  // A step that has no divisor in common with the number of users reaches all of them, mixed.
  const requests = Array.from(
    { length: most },
    (_, index) => prepareDelivery(userOf(firstUser + ((index * 7_919) % users))).request,
  );
  return async function run(crowd: Crowd | undefined, posters: readonly Poster[]) {
    const before = crowd?.count() ?? 0;
    const tookMs: number[] = [];
    const startedMs = performance.now();
    await Promise.all(
      posters.map(async (poster) => {
        for (let request = requests.pop(); request; request = requests.pop()) {
          const postedMs = performance.now();
          if (postedMs - startedMs > ms && tookMs.length >= least) return;
          await poster.post(request);
          tookMs.push(performance.now() - postedMs);
        }
      }),
    );
    const events = tookMs.length;
    if (crowd && isDelivered) await crowd.until(before + events);
    const seconds = (performance.now() - startedMs) / 1_000;
    const deliveries = (crowd?.count() ?? 0) - before;
    const [p50Ms, p99Ms] = percentile(tookMs, 0.5, 0.99);
    return { events, seconds, deliveries, p50Ms, p99Ms } as ClosedLoop;
  };
}
