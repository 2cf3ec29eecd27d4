import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EventlineError } from '../errors.ts';
import { createProjectionBatches, type ProjectedLog } from './projection-batches.ts';
import { pruneProjections } from './prune-projections.ts';

/** Size of the first batch; the duration of each batch determines the size of the next. */
const FIRST_PAGE = 250;
const SMALLEST_PAGE = 50;
const LARGEST_PAGE = 4_000;
/** Target duration of a batch in milliseconds, while deliveries arrive and otherwise. */
const BUSY_MS = 50;
const IDLE_MS = 400;
/** While deliveries arrive, projections take one part in this many of the time. */
const BUSY_SHARE = 20;
/**
 * Delay between an event and its batch in milliseconds, with jitter, so that one process is first.
 */
const GATHER_MS = 150;
/**
 * How long a process that lost a race leaves the work to the winner, in milliseconds, with jitter.
 */
const GIVE_WAY_MS = 300;
/** Delay after a failure, in milliseconds. */
const RETRY_MS = 1_000;
/** Interval between checks for documents removed by retention, in milliseconds. */
const SWEEP_MS = 60_000;
/** How long a reader waits for the projections to catch up, in milliseconds. */
const PATIENCE_MS = 5_000;
/** Interval of progress reports in milliseconds, and the minimum number of events for one. */
const PROGRESS_MS = 5_000;
const MANY = 10_000;

export interface ProjectionProgress {
  /** The projections contain all events up to this position; `head` is the head of the log. */
  foldedUpTo: number;
  head: number;
}

export interface ProjectionRunnerOptions {
  log: ProjectedLog;
  /** True while deliveries wait for the database; projections can then wait. */
  isBusy?: () => boolean;
  /** Called with the progress of a long catch-up, and at its end. */
  onProgress?: (progress: ProjectionProgress) => void;
  /** Called with the error that interrupts the runner; it retries. */
  onFault?: (error: unknown) => void;
  timeoutMs?: number | undefined;
  sweepMs?: number | undefined;
}

export interface ProjectionRunner {
  /** Reports that the log has grown; costs nothing. */
  onEvent(): void;
  /**
   * Resolves when the projections contain everything stored before the call.
   * @throws EventlineError SERVICE_UNAVAILABLE on a timeout, with the progress
   */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps the projections up to date until the log is closed: in the background, slowly while
 * deliveries arrive, and at once when a reader waits for a list.
 */
export function createProjectionRunner(options: ProjectionRunnerOptions): ProjectionRunner {
  const { log, isBusy = () => false, onProgress, onFault } = options;
  const { timeoutMs = PATIENCE_MS, sweepMs = SWEEP_MS } = options;
  const { follower } = log;
  const pages = createProjectionBatches(log);
  const stop = new AbortController();
  const listeners = new Set<() => void>();
  let folded = 0;
  let size = FIRST_PAGE;
  let asking = 0;
  /** Interrupts the current pause. */
  let hurry = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let toldAtMs = performance.now();
  let isBuilding = false;
  let fault: unknown;

  async function pause(delayMs: number): Promise<void> {
    hurry = new AbortController();
    const signal = AbortSignal.any([hurry.signal, stop.signal]);
    await wait(delayMs, undefined, { signal }).catch(() => undefined);
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted && folded < follower.head()) {
      const before = folded;
      const startedMs = performance.now();
      try {
        folded = await pages.next(size);
        fault = undefined;
      } catch (error) {
        if (fault === undefined) onFault?.(error);
        fault = error;
        tell();
        await pause(RETRY_MS);
        continue;
      }
      const tookMs = performance.now() - startedMs;
      tell();
      report(follower.head() - before);
      adapt(tookMs);
      if (pages.wasLost()) await giveWay(tookMs);
      if (asking === 0 && isBusy()) await pause(tookMs * (BUSY_SHARE - 1));
    }
  }

  /** Leaves the work to another process as long as that one makes progress. */
  async function giveWay(tookMs: number): Promise<void> {
    for (let before = -1; folded > before && folded < follower.head(); ) {
      before = folded;
      await pause(Math.max(GIVE_WAY_MS, 2 * tookMs) + randomInt(GIVE_WAY_MS));
      if (stop.signal.aborted) return;
      // An error of this read surfaces with the next batch.
      folded = await pages.reached().catch(() => folded);
      tell();
    }
  }

  function adapt(tookMs: number): void {
    const targetMs = isBusy() ? BUSY_MS : IDLE_MS;
    if (tookMs > targetMs) size = Math.max(SMALLEST_PAGE, Math.floor(size / 2));
    else if (tookMs < targetMs / 2) size = Math.min(LARGEST_PAGE, size * 2);
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function report(left: number): void {
    if (left > MANY) isBuilding = true;
    if (!isBuilding) return;
    const isDone = folded >= follower.head();
    if (!isDone && performance.now() - toldAtMs < PROGRESS_MS) return;
    toldAtMs = performance.now();
    isBuilding = !isDone;
    onProgress?.({ foldedUpTo: folded, head: follower.head() });
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    hurry.abort();
    if (stop.signal.aborted) return;
    running ??= run().finally(() => {
      running = undefined;
      // Events that arrived since the last check.
      if (folded < follower.head()) onEvent();
    });
  }

  function onEvent(): void {
    if (stop.signal.aborted || running) return;
    timer ??= setTimeout(start, GATHER_MS + randomInt(GATHER_MS));
  }

  const sweep = pruneProjections(log, { everyMs: sweepMs, signal: stop.signal, onFault });
  onEvent();
  return {
    onEvent,
    async caughtUp() {
      const target = follower.head();
      if (folded >= target) return;
      asking += 1;
      try {
        start();
        await until(() => folded >= target);
      } finally {
        asking -= 1;
      }
    },
    async close() {
      stop.abort();
      clearTimeout(timer);
      await running;
      await sweep;
    },
  };

  /** Resolves when `isSo` is true; rejects on a timeout. */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(patience);
        listeners.delete(check);
        settle();
      };
      const check = () => {
        if (isSo()) end(resolve);
        else if (fault !== undefined) end(() => reject(notYet(fault)));
      };
      const patience = setTimeout(() => end(() => reject(notYet(fault))), timeoutMs);
      listeners.add(check);
      check();
    });
  }

  function notYet(cause: unknown): EventlineError {
    return new EventlineError(
      'SERVICE_UNAVAILABLE',
      `The lists are being built: they have come to position ${folded} of ${follower.head()}. Try again shortly.`,
      { cause },
    );
  }
}
