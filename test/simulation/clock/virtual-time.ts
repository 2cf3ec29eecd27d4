import { syncBuiltinESMExports } from 'node:module';
import { install } from '@sinonjs/fake-timers';
import type { Random } from '../../faults/random.ts';
import { createEventQueue } from './event-queue.ts';

/** The start time of every run, so that stored dates are reproducible. */
const START = Date.UTC(2026, 0, 1);

const RealDate = Date;

/** After this many steps the real event loop gets a turn. */
const TICKS_PER_TURN = 64;

/** The only clock of a run: nothing in it waits for real time. */
export interface VirtualTime {
  /** Milliseconds since the run began. */
  nowMs(): number;
  /** Runs an action later; actions due in the same millisecond run in an order drawn from the seed. */
  after(delayMs: number, action: () => void): void;
  /** Resolves after this time. */
  wait(delayMs: number): Promise<void>;
  /**
   * Runs everything that is due until a condition holds.
   *
   * @param maxMs how much virtual time may pass
   * @returns false when the condition did not hold in time
   */
  until(condition: () => boolean, maxMs: number): Promise<boolean>;
  /** Runs everything that is due within so many milliseconds. */
  advance(durationMs: number): Promise<void>;
  /** Restores the real timers. */
  uninstall(): void;
}

/** Like the date of the fake timers, which takes ten times as long to create. */
function createVirtualDate(now: () => number): DateConstructor {
  class VirtualDate extends RealDate {
    static override now = now;

    constructor(...args: [] | [number]) {
      if (args.length === 0) super(now());
      else super(...args);
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof RealDate;
    }
  }
  return VirtualDate as DateConstructor;
}

/** Replaces the process's timers and dates, including `node:timers/promises`. */
export function installVirtualTime(random: Random): VirtualTime {
  const realImmediate = globalThis.setImmediate;
  const clock = install({
    now: START,
    toFake: [
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
      ...(['setImmediate', 'clearImmediate', 'performance'] as const),
    ],
  });
  globalThis.Date = createVirtualDate(() => clock.now);
  // Named imports of built-in modules would otherwise keep the real functions.
  syncBuiltinESMExports();
  const queue = createEventQueue();
  let due: (() => void)[] = [];
  let turns = 0;

  /**
   * Lets promises settle that need no timer. A tick runs after all microtasks and is far cheaper
   * than a turn of the real event loop, which is needed to report unhandled rejections.
   */
  function settled(): Promise<void> {
    turns += 1;
    return turns % TICKS_PER_TURN === 0
      ? new Promise((resolve) => realImmediate(resolve))
      : new Promise((resolve) => process.nextTick(resolve));
  }

  /** Runs what is due next: an action of the world, or a timer of the code under test. */
  function step(): void {
    if (due.length === 0) {
      const timerMs = clock.timerHeap?.peek()?.callAt ?? Number.POSITIVE_INFINITY;
      if (queue.nextMs() > timerMs) {
        clock.next();
        return;
      }
      clock.now = queue.nextMs();
      due = queue.takeNext();
    }
    const place = random.whole(0, due.length - 1);
    const action = due[place];
    due[place] = due.at(-1) ?? (() => undefined);
    due.pop();
    action?.();
  }

  async function until(condition: () => boolean, maxMs: number): Promise<boolean> {
    const endMs = clock.now + maxMs;
    let isOver = false;
    queue.add(endMs, () => {
      isOver = true;
    });
    await settled();
    while (!condition()) {
      if (isOver && due.length === 0) return false;
      step();
      await settled();
    }
    return true;
  }

  const after = (delayMs: number, action: () => void) =>
    queue.add(clock.now + Math.max(0, Math.round(delayMs)), action);

  return {
    nowMs: () => clock.now - START,
    after,
    wait: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    until,
    async advance(durationMs) {
      await until(() => false, durationMs);
    },
    uninstall() {
      clock.uninstall();
      globalThis.Date = RealDate;
      syncBuiltinESMExports();
    },
  };
}
