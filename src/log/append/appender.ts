import type { NewEvent, StoredEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { KnownErasures } from '../state/erasures.ts';
import type { LogWatermarks } from '../state/watermarks.ts';
import type { Clock } from './clock.ts';
import { commitBatch } from './commit-batch.ts';
import { commitToInbox } from './commit-to-inbox.ts';
import { createPendingEvents, type PendingCallbacks } from './pending-events.ts';
import { findInInbox } from './resolve-duplicates.ts';
import { refuseLate, releaseInboxEntries } from './settle-pending.ts';
import type { AppendResult, InsertReport, PendingEvent } from './types.ts';

/** Bounds of one batch: the database gets it as a single message. */
const MAX_BATCH_EVENTS = 1_000;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** Pause after a lost race where the winner's events are not durable yet, in milliseconds. */
const LOST_PAUSE_MS = 8;

/** What the appender has to know of the writer lease and the inbox. */
export interface AppendTarget {
  /** True while this instance holds the writer lease: only then are inbox entries moved here. */
  isHolder(): boolean;
  /** True while deliveries are appended directly; otherwise they go into the inbox. */
  mayAppend(): boolean;
  /** Called when another writer was first. */
  onRaceLost(): void;
  /** Called before the first entry of the inbox. @throws LogUnavailableError */
  prepareInbox(): Promise<void>;
  isInboxFull(): boolean;
  /** True while other instances put deliveries into the inbox, or lately did. */
  isInboxUsed(): boolean;
  /** Gets the events that are durable in the inbox now. */
  onAccepted(events: readonly NewEvent[]): void;
}

export interface AppenderOptions extends PendingCallbacks {
  collection: Collection<EventDocument>;
  inbox: Collection<InboxDocument>;
  bounds: LogWatermarks;
  /** Without it no user was ever erased. */
  erasures?: Pick<KnownErasures, 'ensureFresh' | 'storable'> | undefined;
  clock: Clock;
  target: AppendTarget;
  /**
   * A position that is known to be durable on a majority, as all before it; 0 for none.
   *
   * @param isSure false after an answer that did not come: then it looks into the log itself
   * @throws LogUnavailableError while nothing can be appended
   */
  durableHead: (isSure: boolean) => Promise<number>;
  /** Gets the events of this process once they are durable in the log, in order of position. */
  onAppended: (events: StoredEvent[]) => void;
  /** Called after each insert, for the metrics. */
  onInsert?: ((report: InsertReport) => void) | undefined;
  /** How many events may wait, and how many bytes they may have together; more are refused. */
  maxWaiting?: number | undefined;
  maxWaitingBytes?: number | undefined;
  /** How long an event may wait, counted from its arrival, in milliseconds. */
  timeoutMs?: number | undefined;
}

export interface Appender {
  /**
   * Stores an event and resolves when it is durable on a majority, in the log or in the inbox, and
   * not before. It is rejected in time even while the database does not answer at all.
   *
   * @param sizeBytes about how large it is; it only keeps batches within the database's message
   * @throws LogUnavailableError when that did not come about in time; the event may be stored all
   *   the same, and sending it again is answered as a duplicate then
   * @throws UnstorableError when the database will never take this event
   */
  append(event: NewEvent, sizeBytes: number): Promise<AppendResult>;
  /**
   * Moves an inbox entry into the log. Without a position in the result nothing was decided: the
   * entry stays in the inbox.
   * @throws LogUnavailableError, UnstorableError
   */
  move(event: NewEvent, sizeBytes: number): Promise<AppendResult>;
  /** True while too many events wait, here or in the inbox. */
  full(): boolean;
  /** What waits or is being written. */
  waiting(): { events: number; bytes: number };
  /**
   * Refuses deliveries from now on, and resolves when all that waits has been settled. Inbox entries
   * can still be moved.
   */
  close(): Promise<void>;
}

/**
 * Group commit: while one insert is under way, the next events gather, then go in one insert. The
 * batches follow the load by themselves, and an event alone does not wait.
 */
export function createAppender(options: AppenderOptions): Appender {
  const { collection, inbox, bounds, erasures, clock, target, durableHead } = options;
  const { onAppended, onInsert, onRepeat } = options;
  const { timeoutMs = 5_000 } = options;
  const { maxWaiting = 20_000, maxWaitingBytes = 64 * 1024 * 1024 } = options;
  const pendingEvents = createPendingEvents(options);
  let waiting: PendingEvent[] = [];
  /** The last durable position that was written here. */
  let ownHead = 0;
  let working: Promise<void> | undefined;
  let stopWatch: AbortController | undefined;
  let closed = false;
  const parts = { bounds, erasures, clock, onInsert };
  const floor = async (isSure: boolean) =>
    Math.max(isSure ? ownHead : 0, await durableHead(isSure));

  async function work(): Promise<void> {
    // What arrives in the same turn goes in one batch.
    await undefined;
    while (waiting.length > 0) {
      const batch = takeBatch();
      try {
        if (target.mayAppend()) await append(batch);
        else if (target.isHolder()) {
          await append(batch.filter(({ isInboxEntry }) => isInboxEntry));
          await accept(batch.filter(({ isInboxEntry }) => !isInboxEntry));
        } else await accept(releaseInboxEntries(batch));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    // In the same moment as the look at what waits: what arrives next must find no work under way.
    working = undefined;
  }

  async function append(batch: readonly PendingEvent[]): Promise<void> {
    if (batch.length === 0) return;
    const { isHolder: mayAppend } = target;
    const before = ownHead;
    const done = await commitBatch({
      ...{ ...parts, collection, floor, mayAppend, findEarlier, batch, onAppended },
    });
    ownHead = Math.max(ownHead, done.head);
    waiting = [...done.rest, ...waiting];
    if (!done.isRaceLost) return;
    target.onRaceLost();
    // What the winner wrote is not durable yet: there is no position behind it to be had.
    if (ownHead === before) await clock.wait(1 + clock.random() * LOST_PAUSE_MS);
  }

  /** A look that fails is not worth the event: it is stored all the same. */
  async function findEarlier(deliveries: readonly PendingEvent[]) {
    const nothing = { earlier: new Set<PendingEvent>() };
    if (!target.isInboxUsed()) return nothing.earlier;
    const { earlier } = await findInInbox(inbox, deliveries).catch(() => nothing);
    return earlier;
  }

  async function accept(batch: readonly PendingEvent[]): Promise<void> {
    const { isInboxFull: isFull, prepareInbox: prepare, onAccepted } = target;
    const done = { ...parts, events: collection, inbox, batch, isFull, prepare, onAccepted };
    if (batch.length > 0) await commitToInbox(done);
  }

  function add(event: NewEvent, sizeBytes: number, deadlineMs: number) {
    const isInboxEntry = deadlineMs === Number.POSITIVE_INFINITY;
    const joined = pendingEvents.join(event, { sizeBytes, deadlineMs, isInboxEntry });
    if (joined.isFirst) {
      waiting.push(joined.pending);
      working ??= work();
    }
    return joined;
  }

  /** Refuses what has waited too long, also while an answer of the database does not come. */
  async function watchDeadlines(signal: AbortSignal): Promise<void> {
    for (let delayMs = timeoutMs; ; ) {
      await clock.wait(delayMs, signal);
      if (signal.aborted) return;
      const cause = new Error('no answer came');
      const nowMs = clock.nowMs();
      const left = refuseLate(pendingEvents.all(), { nowMs, cause });
      waiting = waiting.filter((one) => !one.isSettled);
      const next = left.find(({ isInboxEntry }) => !isInboxEntry);
      if (next === undefined) break;
      delayMs = Math.ceil(next.deadlineMs - nowMs);
    }
    stopWatch = undefined;
  }

  function takeBatch(): PendingEvent[] {
    let bytes = 0;
    const end = waiting.findIndex((one, index) => {
      bytes += one.sizeBytes;
      return index > 0 && (index >= MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES);
    });
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    return batch;
  }

  return {
    append(event, sizeBytes) {
      if (closed) return Promise.reject(new LogUnavailableError('The server is stopping.'));
      const { pending, isFirst } = add(event, sizeBytes, clock.nowMs() + timeoutMs);
      // Durable in the inbox already: its answer does not wait until it is moved.
      if (pending.isInboxEntry) {
        const { digest } = pending.event;
        onRepeat?.({ ...event, digest });
        return Promise.resolve({ status: 'duplicate', digest });
      }
      if (!isFirst) {
        return pending.result.then((result) => {
          if (result.status !== 'erased') onRepeat?.({ ...event, digest: result.digest });
          return result.status === 'stored' ? { ...result, status: 'duplicate' } : result;
        });
      }
      if (stopWatch === undefined) {
        stopWatch = new AbortController();
        void watchDeadlines(stopWatch.signal);
      }
      return pending.result;
    },
    move(event, sizeBytes) {
      return add(event, sizeBytes, Number.POSITIVE_INFINITY).pending.result;
    },
    full() {
      const { events, bytes } = pendingEvents.size();
      if (events >= maxWaiting || bytes >= maxWaitingBytes) return true;
      return !target.mayAppend() && target.isInboxFull();
    },
    waiting: pendingEvents.size,
    async close() {
      closed = true;
      await working;
      stopWatch?.abort();
    },
  };
}
