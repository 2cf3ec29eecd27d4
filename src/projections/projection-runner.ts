import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EventlineError } from '../errors.ts';
import type { Filter } from '../log/read/filter.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import { createProgressWaiters } from './progress-waiters.ts';
import { createProjectionBatches, type ProjectedLog } from './projection-batches.ts';
import { createProjectionLag, type ProjectionLag } from './projection-lag.ts';
import { createProjectionPace, isBehind } from './projection-pace.ts';
import { pruneProjections } from './prune-projections.ts';
import { faults, progress } from './telemetry.ts';

/**
 * Delay between an event and its batch in milliseconds, with jitter, so that one process is first:
 * usually, and for the first batch or while behind. A reader of a list waits for neither.
 */
const GATHER_MS = 3_000;
const SOON_MS = 150;
/**
 * How long a process that lost a race leaves the work to the winner, in milliseconds, with jitter.
 */
const YIELD_MS = 300;
/** Delay after a failure, in milliseconds. */
const RETRY_MS = 1_000;
/** Interval between checks for documents removed by retention, in milliseconds. */
const SWEEP_MS = 60_000;
/** How long a reader waits for the projections to catch up, in milliseconds. */
const WAIT_TIMEOUT_MS = 5_000;
/** Interval of progress reports in milliseconds, and the minimum number of events for one. */
const PROGRESS_MS = 5_000;
const MANY = 10_000;

export interface ProjectionRunnerOptions {
  log: ProjectedLog;
  /** True while deliveries wait for the database; projections can then wait. */
  isBusy?: () => boolean;
  timeoutMs?: number | undefined;
  sweepMs?: number | undefined;
}

export interface ProjectionRunner {
  /** Reports that the log has grown; costs little. */
  onEvent(): void;
  /**
   * Resolves when the projections contain everything stored before the call.
   * @throws EventlineError SERVICE_UNAVAILABLE on a timeout, with the progress
   */
  caughtUp(): Promise<void>;
  /**
   * Resolves when the projections contain the events that match a filter and were stored before the
   * call, however far they lag. The filter selects the events of users or installations.
   * @throws LogUnavailableError when the database cannot be used
   */
  appliedFor(filter: Filter): Promise<void>;
  /** Returns how far the projections are behind, as far as this process knows. */
  lag(): ProjectionLag;
  close(): Promise<void>;
}

/**
 * Keeps the projections up to date until the log is closed: in the background every few seconds, and
 * at once when a reader waits for a list.
 */
export function createProjectionRunner(options: ProjectionRunnerOptions): ProjectionRunner {
  const { log, isBusy = () => false } = options;
  const { timeoutMs = WAIT_TIMEOUT_MS, sweepMs = SWEEP_MS } = options;
  const { tailer } = log;
  const batches = createProjectionBatches(log);
  const stop = new AbortController();
  const waiters = createProgressWaiters(timeoutMs);
  const pace = createProjectionPace();
  const lag = createProjectionLag(() => ({ appliedUpTo, head: tailer.head() }));
  let appliedUpTo = 0;
  let waitingReaders = 0;
  /** Interrupts the current pause. */
  let skipPause = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let timerMs = 0;
  /** True once `appliedUpTo` is what the database says. */
  let hasLooked = false;
  let running: Promise<void> | undefined;
  let reportedAtMs = performance.now();
  let isBuilding = false;
  let fault: unknown;

  async function pause(delayMs: number): Promise<void> {
    skipPause = new AbortController();
    const signal = AbortSignal.any([skipPause.signal, stop.signal]);
    await wait(delayMs, undefined, { signal }).catch(() => undefined);
  }

  async function run(): Promise<void> {
    if (await isOtherAtWork()) return;
    while (!stop.signal.aborted && appliedUpTo < tailer.head()) {
      const before = appliedUpTo;
      const startedMs = performance.now();
      try {
        appliedUpTo = await batches.applyNext(pace.batchSize());
        hasLooked = true;
        fault = undefined;
      } catch (error) {
        if (fault === undefined) faults.publish(error);
        fault = error;
        pace.onFailed();
        notifyListeners();
        await pause(RETRY_MS);
        continue;
      }
      const tookMs = performance.now() - startedMs;
      notifyListeners();
      report(tailer.head() - before);
      const pauseMs = pace.onApplied(tookMs, { lag: lag.read(), isBusy: isBusy() });
      if (batches.wasDiscarded()) await yieldToOthers(tookMs);
      if (waitingReaders === 0 && pauseMs > 0) await pause(pauseMs);
      // The few that arrived meanwhile go with the next batch.
      if (waitingReaders === 0 && !lags()) return;
    }
  }

  /** Leaves a few events to a process that has applied some since the last look here. */
  async function isOtherAtWork(): Promise<boolean> {
    if (!hasLooked || waitingReaders > 0 || lags()) return false;
    const before = appliedUpTo;
    appliedUpTo = await batches.readCheckpoint().catch(() => appliedUpTo);
    notifyListeners();
    return appliedUpTo > before;
  }

  /** Leaves the work to another process as long as that one makes progress. */
  async function yieldToOthers(tookMs: number): Promise<void> {
    for (let before = -1; appliedUpTo > before && appliedUpTo < tailer.head(); ) {
      before = appliedUpTo;
      await pause(Math.max(YIELD_MS, 2 * tookMs) + randomInt(YIELD_MS));
      if (stop.signal.aborted) return;
      // An error of this read surfaces with the next batch.
      appliedUpTo = await batches.readCheckpoint().catch(() => appliedUpTo);
      notifyListeners();
    }
  }

  function notifyListeners(): void {
    lag.update();
    waiters.notify();
  }

  function report(left: number): void {
    if (left > MANY) isBuilding = true;
    if (!isBuilding) return;
    const isDone = appliedUpTo >= tailer.head();
    if (!isDone && performance.now() - reportedAtMs < PROGRESS_MS) return;
    reportedAtMs = performance.now();
    isBuilding = !isDone;
    progress.publish({ foldedUpTo: appliedUpTo, head: tailer.head() });
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    skipPause.abort();
    if (stop.signal.aborted) return;
    running ??= run().finally(() => {
      running = undefined;
      // Events that arrived since the last check.
      if (appliedUpTo >= tailer.head()) return;
      if (waitingReaders > 0) start();
      else onEvent();
    });
  }

  const lags = () => isBehind(lag.read());

  function onEvent(): void {
    lag.update();
    if (stop.signal.aborted || running) return;
    const delayMs = !hasLooked || lags() ? SOON_MS : GATHER_MS;
    if (timer !== undefined && delayMs >= timerMs) return;
    clearTimeout(timer);
    timerMs = delayMs;
    timer = setTimeout(start, delayMs + randomInt(delayMs));
  }

  const sweep = pruneProjections(log, { everyMs: sweepMs, signal: stop.signal });
  onEvent();
  return {
    onEvent,
    async caughtUp() {
      const target = tailer.head();
      if (appliedUpTo >= target) return;
      waitingReaders += 1;
      try {
        start();
        await waiters.until(
          () => appliedUpTo >= target,
          () => fault !== undefined,
          notCaughtUpError,
        );
      } finally {
        waitingReaders -= 1;
      }
    },
    async appliedFor(filter) {
      if (appliedUpTo >= tailer.head()) return;
      // Not kept: the background task may be further by now.
      const checkpoint = hasLooked ? appliedUpTo : await mapDatabaseError(batches.readCheckpoint());
      await mapDatabaseError(batches.applyAhead(filter, checkpoint));
    },
    lag: lag.read,
    async close() {
      stop.abort();
      clearTimeout(timer);
      await running;
      await sweep;
    },
  };

  function notCaughtUpError(): EventlineError {
    return new EventlineError(
      'SERVICE_UNAVAILABLE',
      `The lists are being built: they have come to position ${appliedUpTo} of ${tailer.head()}. Try again shortly.`,
      { cause: fault },
    );
  }
}
