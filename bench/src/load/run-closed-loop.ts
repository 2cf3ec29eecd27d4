import { userOf } from '../contract.ts';
import { prepareDelivery } from './delivery.ts';
import { percentile } from './percentile.ts';
import type { Poster } from './poster.ts';
import type { SubscriberGroup } from './subscriber-group.ts';

/** Result of connections that each post the next event after the answer to the last one. */
export interface ClosedLoop {
  events: number;
  seconds: number;
  deliveries: number;
  /** Time from the post to its answer, in milliseconds. */
  p50Ms: number;
  p99Ms: number;
  /** Events of the instance that answered the fewest, to an equal share. */
  leastShare: number;
}

export interface ClosedLoopOptions {
  ms: number;
  /** Posts at least so many events, even if that takes longer than `ms`; default 0. */
  minEvents?: number;
  /** Number of users, counted from `firstUser`. */
  users: number;
  firstUser: number;
  /** Deliveries that are prepared; the run ends early when all are posted. */
  maxEvents: number;
  /** Waits until each event has reached its subscriber. */
  isDelivered: boolean;
}

/** Prepares the deliveries, and returns a function that posts them. */
export function prepareClosedLoop(options: ClosedLoopOptions) {
  const { ms, minEvents = 0, users, firstUser, maxEvents, isDelivered } = options;
  // The step is coprime to the number of users, so that it reaches all of them in mixed order.
  const requests = Array.from(
    { length: maxEvents },
    (_, index) => prepareDelivery(userOf(firstUser + ((index * 7_919) % users))).request,
  );
  return async function run(group: SubscriberGroup | undefined, posters: readonly Poster[]) {
    const before = group?.count() ?? 0;
    const tookMs: number[] = [];
    const answered = new Map(posters.map(({ port }) => [port, 0]));
    const startedMs = performance.now();
    await Promise.all(
      posters.map(async (poster) => {
        for (let request = requests.pop(); request; request = requests.pop()) {
          const postedMs = performance.now();
          if (postedMs - startedMs > ms && tookMs.length >= minEvents) return;
          await poster.post(request);
          tookMs.push(performance.now() - postedMs);
          answered.set(poster.port, (answered.get(poster.port) ?? 0) + 1);
        }
      }),
    );
    const events = tookMs.length;
    if (group && isDelivered) await group.waitForCount(before + events);
    const seconds = (performance.now() - startedMs) / 1_000;
    const deliveries = (group?.count() ?? 0) - before;
    const [p50Ms, p99Ms] = percentile(tookMs, 0.5, 0.99);
    const leastShare = (Math.min(...answered.values()) * answered.size) / events;
    return { events, seconds, deliveries, p50Ms, p99Ms, leastShare } as ClosedLoop;
  };
}
