import { expect, test } from 'vitest';
import type { PageCache } from '../../src/feed/page-cache.ts';
import { createRateLimiter } from '../../src/feed/rate-limiter.ts';
import { createReplay } from '../../src/feed/replay.ts';
import { freshDatabase } from '../utils/database.ts';
import { testSignal } from '../utils/test-signal.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { collect, openFeed, upTo } from './open-feed.ts';

/** A clock that only moves on request; timers fire in the order of their times. */
function fakeClock() {
  let nowMs = 0;
  let timers: { at: number; action: () => void }[] = [];
  return {
    now: () => nowMs,
    setTimer(action: () => void, ms: number) {
      timers.push({ at: nowMs + ms, action });
    },
    async move(ms: number) {
      const until = nowMs + ms;
      for (;;) {
        // Each granted caller settles in its own turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = next.at;
        next.action();
      }
      nowMs = until;
    },
  };
}

const forever = () => new AbortController().signal;

test('a reader that ends with a permission gives it back', async () => {
  const { take, waiting } = createRateLimiter({ eventsPerSecond: 100, ...fakeClock() });
  const pages: PageCache = {
    read: () => Promise.reject(new Error('not to be read')),
    invalidate: () => undefined,
  };
  const options = { pages, head: () => 100, pageSize: 100, maxBytes: 1_000, rateLimiter: take };
  const replay = createReplay({ filter: {} }, options, () => undefined);
  const page = replay.read(0);
  replay.end();
  expect(await page).toMatchObject({ events: [], isLast: false });
  void take(1, forever());
  expect(waiting()).toBe(0);
});

test('a burst of one second is read at once, the rest at the rate, in order of request', async () => {
  const clock = fakeClock();
  const rateLimiter = createRateLimiter({ eventsPerSecond: 100, ...clock });
  const served: number[] = [];
  const asked = upTo(8).map(async (reader) => {
    const settle = await rateLimiter.take(50, forever());
    served.push(reader);
    settle(50);
  });
  await clock.move(0);
  expect(served).toEqual([1, 2]);
  await clock.move(1_000);
  expect(served).toEqual([1, 2, 3, 4]);
  await clock.move(2_000);
  await Promise.all(asked);
  expect(served).toEqual(upTo(8));
  expect(rateLimiter.waiting()).toBe(0);
});

test('unused permits pass to others: small replays do not wait behind large ones', async () => {
  const clock = fakeClock();
  const rateLimiter = createRateLimiter({ eventsPerSecond: 100, ...clock });
  let served = 0;
  const asked = upTo(60).map(async () => {
    const settle = await rateLimiter.take(100, forever());
    served += 1;
    settle(0);
  });
  await clock.move(10);
  await Promise.all(asked);
  expect(served).toBe(60);
});

test('a read that finds nothing still counts', async () => {
  const clock = fakeClock();
  const rateLimiter = createRateLimiter({ eventsPerSecond: 10, ...clock });
  let served = 0;
  for (let reader = 0; reader < 30; reader += 1) {
    void rateLimiter.take(1, forever()).then((settle) => {
      served += 1;
      settle(0);
    });
  }
  await clock.move(0);
  expect(served).toBe(10);
  await clock.move(1_000);
  expect(served).toBe(20);
});

test('a caller that leaves while waiting is skipped and costs nothing', async () => {
  const clock = fakeClock();
  const rateLimiter = createRateLimiter({ eventsPerSecond: 1, ...clock });
  (await rateLimiter.take(1, forever()))(1);
  const leaving = new AbortController();
  const gone = rateLimiter.take(1_000, leaving.signal);
  const next = rateLimiter.take(1, forever());
  leaving.abort();
  (await gone)(0);
  (await rateLimiter.take(1, leaving.signal))(0);
  expect(rateLimiter.waiting()).toBe(1);
  await clock.move(1_000);
  (await next)(1);
  expect(rateLimiter.waiting()).toBe(0);
});

test('a replay waits for the rate limiter and loses nothing; a live subscription does not wait', async () => {
  const database = await freshDatabase();
  const clock = fakeClock();
  const rateLimiter = createRateLimiter({ eventsPerSecond: 10, ...clock });
  const { feed, append, log } = await openFeed(database.uri, {
    pageSize: 10,
    rateLimiter: rateLimiter.take,
  });
  const live = feed.subscribe({}, 0);
  const first = collect(live);
  await append(30);
  await first.until(30);

  const replay = feed.subscribe({}, 0);
  const second = collect(replay);
  await second.until(10);
  // The page has been read, and the next one is requested.
  await waitUntil(() => rateLimiter.waiting() === 1);
  expect(second.positions).toEqual(upTo(10));
  await append(5);
  await first.until(35);
  expect(second.positions).toEqual(upTo(10));
  const all = second.until(35);
  const moveUntil = async ({ positions }: { positions: number[] }, count: number) => {
    const signal = testSignal();
    while (positions.length < count && !signal.aborted) await clock.move(100);
  };
  await Promise.all([all, moveUntil(second, 35)]);
  expect(second.positions).toEqual(upTo(35));

  // A subscription that ends while it waits ends at once.
  const waiting = feed.subscribe({}, 0);
  const third = collect(waiting);
  await moveUntil(third, 10);
  await Promise.all([live.return?.(), replay.return?.(), waiting.return?.()]);
  await third.ended;
  expect(rateLimiter.waiting()).toBe(0);
  await log.close();
  await database.drop();
});
