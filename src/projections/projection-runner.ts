import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EventlineError } from '../errors.ts';
import { createProjectionBatches, type ProjectedLog } from './projection-batches.ts';
import { pruneProjections } from './prune-projections.ts';

/** Events of a page: what it takes decides how many the next one has. */
const FIRST_PAGE = 250;
const SMALLEST_PAGE = 50;
const LARGEST_PAGE = 4_000;
/** How long a page may keep the database busy, in milliseconds: while deliveries come, and else. */
const BUSY_MS = 50;
const IDLE_MS = 400;
/** While deliveries come, the folding takes one part in so many of the time. */
const BUSY_SHARE = 20;
/** Between an event and its folding, in milliseconds, with a random part: one of several is first. */
const GATHER_MS = 150;
/** How long one that was slower than another process lets that go on, in milliseconds; a random part. */
const GIVE_WAY_MS = 300;
/** After a failure, in milliseconds. */
const RETRY_MS = 1_000;
/** Between two looks at what retention has removed, in milliseconds. */
const SWEEP_MS = 60_000;
/** How long a reader waits for the documents to reach what was stored, in milliseconds. */
const PATIENCE_MS = 5_000;
/** Between two words of how far a build is, in milliseconds, and how many events make it one. */
const PROGRESS_MS = 5_000;
const MANY = 10_000;

export interface ProjectionProgress {
  /** The derived documents hold all events up to this position; `head` is the log's end. */
  foldedUpTo: number;
  head: number;
}

export interface ProjectionRunnerOptions {
  log: ProjectedLog;
  /** True while deliveries wait for the database: what is folded then can wait. */
  isBusy?: () => boolean;
  /** Told now and then while there is much to fold, and when that is done. */
  onProgress?: (progress: ProjectionProgress) => void;
  /** Told of what kept it from folding; it goes on when that is over. */
  onFault?: (error: unknown) => void;
  timeoutMs?: number | undefined;
  sweepMs?: number | undefined;
}

export interface ProjectionRunner {
  /** Told that the log has grown; costs nothing. */
  onEvent(): void;
  /**
   * Resolves when the documents hold all that was stored when it was asked.
   * @throws EventlineError SERVICE_UNAVAILABLE when that takes too long, with how far they are
   */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps the derived documents behind the log, for as long as it is not closed: in the background,
 * slowly while deliveries come, and at once where somebody asks for a list.
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
  /** Ends the pause that is under way. */
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

  /** Lets another process fold alone for as long as it gets on: two would do the same twice. */
  async function giveWay(tookMs: number): Promise<void> {
    for (let before = -1; folded > before && folded < follower.head(); ) {
      before = folded;
      await pause(Math.max(GIVE_WAY_MS, 2 * tookMs) + randomInt(GIVE_WAY_MS));
      if (stop.signal.aborted) return;
      // What keeps it from being read is told when the next page is folded.
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
      // What came in the moment between its last look and now.
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

  /** Resolves when it is so; nobody waits longer than a reader has patience. */
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
