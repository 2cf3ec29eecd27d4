import { syncBuiltinESMExports } from 'node:module';
import { install } from '@sinonjs/fake-timers';
import type { Random } from '../../faults/random.ts';

/** When every run begins, so that stored dates are the same each time. */
const START = Date.UTC(2026, 0, 1);

/** The only clock of a run: nothing in it waits for real time. */
export interface VirtualTime {
  /** Milliseconds since the run began. */
  nowMs(): number;
  /** Runs an action later; actions due in the same millisecond run in an order drawn from the seed. */
  after(delayMs: number, action: () => void): void;
  /**
   * Runs everything that is due until a condition holds.
   *
   * @param maxMs how much virtual time may pass
   * @returns false when the condition did not hold in time
   */
  until(condition: () => boolean, maxMs: number): Promise<boolean>;
  /** Runs everything that is due within so many milliseconds. */
  advance(durationMs: number): Promise<void>;
  /** Gives the real timers back. */
  uninstall(): void;
}

/** Replaces the timers and dates of the process, those of `node:timers/promises` included. */
export function installVirtualTime(random: Random): VirtualTime {
  const realImmediate = globalThis.setImmediate;
  const clock = install({
    now: START,
    toFake: [
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
      ...(['setImmediate', 'clearImmediate', 'Date', 'performance'] as const),
    ],
  });
  // Named imports of built-in modules are bound when a module is loaded, else.
  syncBuiltinESMExports();
  const scheduled = new Map<number, (() => void)[]>();
  const due: (() => void)[] = [];

  /** Every promise that can settle without a timer has settled by the next turn of the real loop. */
  const settled = () => new Promise<void>((resolve) => realImmediate(resolve));

  function after(delayMs: number, action: () => void): void {
    const atMs = clock.now + Math.max(0, Math.round(delayMs));
    const together = scheduled.get(atMs);
    if (together) {
      together.push(action);
      return;
    }
    scheduled.set(atMs, [action]);
    globalThis.setTimeout(() => {
      due.push(...(scheduled.get(atMs) ?? []));
      scheduled.delete(atMs);
    }, atMs - clock.now);
  }

  async function until(condition: () => boolean, maxMs: number): Promise<boolean> {
    let isOver = false;
    const limit = globalThis.setTimeout(() => {
      isOver = true;
    }, maxMs);
    await settled();
    while (!condition()) {
      if (due.length > 0) {
        const [action] = due.splice(random.whole(0, due.length - 1), 1);
        action?.();
      } else if (isOver) {
        return false;
      } else {
        clock.next();
      }
      await settled();
    }
    globalThis.clearTimeout(limit);
    return true;
  }

  return {
    nowMs: () => clock.now - START,
    after,
    until,
    async advance(durationMs) {
      await until(() => false, durationMs);
    },
    uninstall() {
      clock.uninstall();
      syncBuiltinESMExports();
    },
  };
}
