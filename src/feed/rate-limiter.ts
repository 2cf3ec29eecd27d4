/**
 * Waits for the leave to read up to `events` events of the log; then tells by what it gives how many
 * there were, so that the rest is for others. When the signal says that nobody waits any more, it
 * resolves at once, without a leave.
 */
export type RateLimiter = (events: number, signal: AbortSignal) => Promise<(read: number) => void>;

export interface RateLimiterOptions {
  eventsPerSecond: number;
  /** In milliseconds; the process's own unless given. */
  now?: () => number;
  setTimer?: (action: () => void, ms: number) => unknown;
}

/** A read costs at least this, also where it finds nothing. */
const LEAST = 1;
const nothingToSettle = () => undefined;

interface Waiter {
  events: number;
  start: () => void;
}

/**
 * Makes the pace at which subscriptions together may read the log (a token bucket that holds what
 * comes in a second): a herd that replays at once must not starve what is live. Who comes first is
 * served first.
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
      // A debt is allowed, not a start in debt: a page may be larger than what comes in a second.
      if (left <= 0) {
        wakeUp();
        return;
      }
      waiting.delete(waiter);
      left -= waiter.events;
      waiter.start();
    }
  }

  function wakeUp(): void {
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
          signal.removeEventListener('abort', giveUp);
          resolve((read) => {
            left += events - Math.max(LEAST, read);
            serve();
          });
        },
      };
      function giveUp() {
        waiting.delete(waiter);
        resolve(nothingToSettle);
      }
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.add(waiter);
      serve();
    });

  return { take, waiting: () => waiting.size };
}
