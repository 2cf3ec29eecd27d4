import { onTestFinished, vi } from 'vitest';

/** A clock of the test's own for what lies far ahead: the rest of the process runs as it does. */
export interface LongTimers {
  /** Fires the timers that were set for about this delay, and are not called off. */
  fire(delayMs: number): void;
  /** The delays that are waited for, in milliseconds. */
  waiting(): number[];
}

const LONG_MS = 3_600_000;
/** By how much a delay may be shorter than meant, since time passes before a timer is set. */
const SLACK_MS = LONG_MS / 2;

/** Takes all timers of an hour or more into the test's hand, until the test has finished. */
export const holdLongTimers = (): LongTimers => holdTimers((delayMs) => delayMs >= LONG_MS);

/** Holds timers until the test fires them or has finished. */
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
