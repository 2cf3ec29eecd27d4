import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { NewEvent, StoredEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { KnownErasures } from '../state/erasures.ts';
import type { LogWatermarks } from '../state/watermarks.ts';
import { commitBatch, refuseLate } from './commit-batch.ts';
import { createPendingEvents, type PendingCallbacks } from './pending-events.ts';
import type { AppendResult, InsertReport, PendingEvent } from './types.ts';
import type { Turn, Turns } from './writer-queue.ts';

/** Bounds of one batch: the database gets it as a single message. */
const MAX_BATCH_EVENTS = 1_000;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** Pause after a lost race where the winner's events are not durable yet, in milliseconds. */
const LOST_PAUSE_MS = 8;

export interface AppenderOptions extends PendingCallbacks {
  collection: Collection<EventDocument>;
  bounds: LogWatermarks;
  /** Without it nobody was ever erased. */
  erasures?: Pick<KnownErasures, 'ensureFresh' | 'storable'> | undefined;
  turns: Turns;
  /**
   * A position that is known to be durable on a majority, as all before it; 0 for none.
   *
   * @param isSure false after an answer that did not come: then it looks into the log itself
   * @throws LogUnavailableError while nothing can be appended
   */
  durableHead: (isSure: boolean) => Promise<number>;
  /** Gets the events of this process once they are durable, in order of position. */
  onAppended: (events: StoredEvent[]) => void;
  /** Told of each insert, for the metrics. */
  onInsert?: ((report: InsertReport) => void) | undefined;
  /** How many events may wait, and how many bytes they may have together; more are refused. */
  maxWaiting?: number;
  maxWaitingBytes?: number;
  /** How long an event may wait, counted from its arrival, in milliseconds. */
  timeoutMs?: number;
}

export interface Appender {
  /**
   * Appends an event and resolves when it is durable on a majority, and not before. It is rejected
   * in time even while the database does not answer at all.
   *
   * @param sizeBytes about how large it is; it only keeps batches within the database's message
   * @throws LogUnavailableError when that did not come about in time; the event may be stored all
   *   the same, and sending it again is answered as a duplicate then
   * @throws UnstorableError when the database will never take this event
   */
  append(event: NewEvent, sizeBytes: number): Promise<AppendResult>;
  /** True while too many events wait. */
  full(): boolean;
  /** What waits or is being written. */
  waiting(): { events: number; bytes: number };
  /** Refuses what comes from now on, and resolves when all that waits has been settled. */
  close(): Promise<void>;
}

/**
 * Group commit: while one insert is on its way, the next events gather, then go in one insert. The
 * batches follow the load by themselves, and an event alone waits for nobody.
 */
export function createAppender(options: AppenderOptions): Appender {
  const { collection, bounds, erasures, turns, durableHead } = options;
  const { onAppended, onInsert, onRepeat } = options;
  const { timeoutMs = 5_000 } = options;
  const { maxWaiting = 20_000, maxWaitingBytes = 64 * 1024 * 1024 } = options;
  const underway = createPendingEvents(timeoutMs, options);
  let waiting: PendingEvent[] = [];
  /** The last durable position that was written here. */
  let ownHead = 0;
  let working: Promise<void> | undefined;
  let turnEnds: Promise<void> = Promise.resolve();
  let watch: NodeJS.Timeout | undefined;
  let closed = false;

  async function work(): Promise<void> {
    const floor = async (isSure: boolean) =>
      Math.max(isSure ? ownHead : 0, await durableHead(isSure));
    let turn: Turn | undefined;
    while (waiting.length > 0) {
      // What comes while others have their turn goes along: under pressure batches grow.
      turn ??= await turns.take(() => waiting.length > 0);
      const batch = takeBatch();
      const before = ownHead;
      try {
        const { head: hint } = turn;
        const done = await commitBatch({
          ...{ collection, bounds, erasures },
          ...{ floor, hint, batch, onAppended, onInsert },
        });
        ownHead = Math.max(ownHead, done.head);
        if (done.rest.length > 0) {
          waiting = [...done.rest, ...waiting];
          turns.raceLost();
          // What the winner wrote is not durable yet: behind it there is no place to be had.
          if (ownHead === before) await wait(1 + randomInt(LOST_PAUSE_MS));
          // A turn is over when something was written in it; one that is lost is no turn yet.
          if (turn.isTaken) continue;
        }
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
      turnEnds = turn.end(ownHead, waiting.length > 0);
      // The next number is drawn by the same word that ends the turn.
      if (turn.isTaken) await turnEnds;
      turn = undefined;
    }
    if (turn) turnEnds = turn.end(ownHead, false);
    // In the same moment as the look at what waits: what comes after it must find nobody at work.
    working = undefined;
  }

  /** Refuses what has waited too long, also while an answer of the database does not come. */
  function watchDeadlines(): void {
    clearTimeout(watch);
    watch = undefined;
    waiting = [...refuseLate(waiting, undefined)];
    for (const entry of refuseLate(underway.all(), new Error('no answer came'))) {
      watch = setTimeout(watchDeadlines, Math.ceil(entry.deadlineMs - performance.now()));
      return;
    }
  }

  function takeBatch(): PendingEvent[] {
    let bytes = 0;
    const end = waiting.findIndex((entry, index) => {
      bytes += entry.sizeBytes;
      return index > 0 && (index >= MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES);
    });
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    return batch;
  }

  return {
    append(event, sizeBytes) {
      if (closed) return Promise.reject(new LogUnavailableError('The server is stopping.'));
      const { entry, isFirst } = underway.join(event, sizeBytes);
      if (!isFirst) {
        return entry.result.then((result) => {
          if (result.status !== 'erased') onRepeat?.({ ...event, digest: result.digest });
          return result.status === 'stored' ? { ...result, status: 'duplicate' } : result;
        });
      }
      waiting.push(entry);
      watch ??= setTimeout(watchDeadlines, timeoutMs);
      working ??= work();
      return entry.result;
    },
    full() {
      const { events, bytes } = underway.size();
      return events >= maxWaiting || bytes >= maxWaitingBytes;
    },
    waiting: underway.size,
    async close() {
      closed = true;
      await working;
      await turnEnds;
      clearTimeout(watch);
    },
  };
}
