/**
 * Waits for permission to read up to `events` events of the log. Resolves with a callback that
 * takes how many were really read, so that the remainder is available to others. Resolves at once,
 * without permission, when the signal is aborted.
 */
export type RateLimiter = (events: number, signal: AbortSignal) => Promise<(read: number) => void>;

export interface RateLimiterOptions {
  eventsPerSecond: number;
  /** Current time in milliseconds; defaults to the process's monotonic clock. */
  now?: () => number;
  setTimer?: (action: () => void, ms: number) => unknown;
}

/** Minimum cost of a read, in events, even if it returns none. */
const LEAST = 1;
const nothingToSettle = () => undefined;

interface Waiter {
  events: number;
  start: () => void;
}

/**
 * Creates the rate limiter that all subscriptions share when they read the log: a token bucket with
 * the capacity of one second, first come, first served. It keeps a mass reconnect from starving
 * live delivery.
 */
export function createRateLimiter({ eventsPerSecond, now, setTimer }: RateLimiterOptions) {
  const clock = now ?? (() => performance.now());
  const later = setTimer ?? ((action, ms) => setTimeout(action, ms).unref());
  const waiting = new Set<Waiter>();
  let left = eventsPerSecond;
  let filledMs = clock();
  let isTimed = false;

  function fill(): void {
    const nowMs = clock();
    left = Math.min(eventsPerSecond, left + ((nowMs - filledMs) / 1_000) * eventsPerSecond);
    filledMs = nowMs;
  }

  function serve(): void {
    fill();
    for (const waiter of waiting) {
      // The balance may go negative, since a page may exceed one second's tokens; a read may not
      // start while it is.
      if (left <= 0) {
        grantWaiting();
        return;
      }
      waiting.delete(waiter);
      left -= waiter.events;
      waiter.start();
    }
  }

  function grantWaiting(): void {
    if (isTimed) return;
    isTimed = true;
    const ms = Math.ceil((1_000 * (1 - left)) / eventsPerSecond);
    later(() => {
      isTimed = false;
      serve();
    }, ms);
  }

  const take: RateLimiter = (events, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(nothingToSettle);
      const waiter: Waiter = {
        events,
        start() {
          signal.removeEventListener('abort', cancel);
          resolve((read) => {
            left += events - Math.max(LEAST, read);
            serve();
          });
        },
      };
      function cancel() {
        waiting.delete(waiter);
        resolve(nothingToSettle);
      }
      signal.addEventListener('abort', cancel, { once: true });
      waiting.add(waiter);
      serve();
    });

  return { take, waiting: () => waiting.size };
}
