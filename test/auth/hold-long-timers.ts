import { onTestFinished, vi } from 'vitest';

/** Fake timers for long delays only; short ones run normally. */
export interface LongTimers {
  /** Fires the pending timers with about this delay. */
  fire(delayMs: number): void;
  /** The delays of pending timers, in milliseconds. */
  waiting(): number[];
}

const LONG_MS = 3_600_000;
/** Tolerance, since time passes before a timer is set. */
const SLACK_MS = LONG_MS / 2;

/** Holds all timers of an hour or more until the test has finished. */
export const holdLongTimers = (): LongTimers => holdTimers((delayMs) => delayMs >= LONG_MS);

/** Holds the selected timers until the test fires them or has finished. */
export function holdTimers(isHeld: (delayMs: number) => boolean): LongTimers {
  const held = new Map<unknown, { callback: () => void; delayMs: number }>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
    callback: () => void,
    delayMs?: number,
    ...args: unknown[]
  ) => {
    if (delayMs === undefined || !isHeld(delayMs)) return set(callback, delayMs, ...args);
    const timer = { unref: () => timer };
    held.set(timer, { callback, delayMs });
    return timer;
  }) as never);
  vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
    if (!held.delete(timer)) clear(timer as NodeJS.Timeout);
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  return {
    fire(meantMs) {
      for (const [timer, { callback, delayMs }] of [...held]) {
        if (Math.abs(delayMs - meantMs) > SLACK_MS) continue;
        held.delete(timer);
        callback();
      }
    },
    waiting: () => [...held.values()].map(({ delayMs }) => delayMs),
  };
}
