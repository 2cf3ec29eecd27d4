import type { NewEvent, StoredEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { LogState } from '../state/log-state.ts';
import type { Clock } from './clock.ts';
import { commitBatch } from './commit-batch.ts';
import { commitToInbox } from './commit-to-inbox.ts';
import { createPendingEvents, type JoinOptions, type PendingCallbacks } from './pending-events.ts';
import { findInInbox } from './resolve-duplicates.ts';
import { refuseLate, releaseInboxEntries } from './settle-pending.ts';
import type { AppendResult, EntryOptions, PendingEvent } from './types.ts';

/** Limits of one batch, which is sent to the database in a single message. */
const MAX_BATCH_EVENTS = 1_000;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/**
 * Where several instances take deliveries, the next batch gathers after a batch of several events
 * for as long as that one took, and at most for this time, in milliseconds.
 */
const MAX_GATHER_MS = 15;
/** Maximum pause after a lost race if the winner's events are not durable yet, in milliseconds. */
const LOST_PAUSE_MS = 8;

/** The state of the writer lease and the inbox, as the appender needs it. */
export interface AppendTarget {
  /** True while this instance holds the writer lease; only the holder moves inbox entries. */
  isHolder(): boolean;
  /** True while deliveries are appended directly; otherwise they are stored in the inbox. */
  mayAppend(): boolean;
  /** Called when another writer took the position first. */
  onRaceLost(): void;
  /** Called before the first inbox entry. @throws LogUnavailableError */
  prepareInbox(): Promise<void>;
  isInboxFull(): boolean;
  /** True at the holder of the lease while other instances use the inbox, or recently did. */
  isInboxUsed(): boolean;
  /** Called with events that have become durable in the inbox. */
  onAccepted(events: readonly NewEvent[]): void;
}

export interface AppenderOptions extends PendingCallbacks {
  collection: Collection<EventDocument>;
  inbox: Collection<InboxDocument>;
  logState: LogState;
  clock: Clock;
  target: AppendTarget;
  /**
   * Returns a position that is durable on a majority, with all before it; 0 if there is none.
   *
   * @param isSure false after a missing answer: then the log itself is read
   * @throws LogUnavailableError while nothing can be appended
   */
  durableHead: (isSure: boolean) => Promise<number>;
  /** Called with this process's events once they are durable in the log, in order of position. */
  onAppended: (events: StoredEvent[]) => void;
  /** Maximum number of waiting events, and their maximum size in bytes; more are refused. */
  maxWaiting?: number | undefined;
  maxWaitingBytes?: number | undefined;
  /** Maximum wait of an event, from its arrival, in milliseconds. */
  timeoutMs?: number | undefined;
}

export interface Appender {
  /**
   * Stores an event, and resolves once it is durable on a majority, in the log or in the inbox.
   * Rejects after the timeout even if the database does not answer.
   *
   * @param sizeBytes approximate size, which keeps batches within a message of the database
   * @throws LogUnavailableError on a timeout. The event may still be stored; a retry is then
   * answered as a duplicate.
   * @throws UnstorableError if the database can never store this event
   */
  append(event: NewEvent, sizeBytes: number): Promise<AppendResult>;
  /**
   * Moves an inbox entry into the log. A result without a position means that the entry stays in
   * the inbox.
   * @throws LogUnavailableError, UnstorableError
   */
  move(event: NewEvent, entry: EntryOptions): Promise<AppendResult>;
  /** True while too many events wait, here or in the inbox. */
  full(): boolean;
  /** Events that wait or are being written. */
  waiting(): { events: number; bytes: number };
  /**
   * Refuses new deliveries, and resolves when all waiting ones are settled. Inbox entries can still
   * be moved.
   */
  close(): Promise<void>;
}

/**
 * Creates an appender with group commit: events that arrive during an insert form the next batch.
 * The batch size adapts to the load, and a single event does not wait.
 */
export function createAppender(options: AppenderOptions): Appender {
  const { collection, inbox, logState, clock, target, durableHead } = options;
  const { onAppended, onRepeat } = options;
  const { timeoutMs = 5_000 } = options;
  const { maxWaiting = 20_000, maxWaitingBytes = 64 * 1024 * 1024 } = options;
  const pendingEvents = createPendingEvents(options);
  let waiting: PendingEvent[] = [];
  /** The last durable position that this process wrote. */
  let ownHead = 0;
  let working: Promise<void> | undefined;
  let stopWatch: AbortController | undefined;
  let closed = false;
  const parts = { logState, clock };
  const floor = async (isSure: boolean) =>
    Math.max(isSure ? ownHead : 0, await durableHead(isSure));

  async function work(): Promise<void> {
    // Events that arrive in the same iteration of the event loop join the batch.
    await undefined;
    while (waiting.length > 0) {
      const batch = takeBatch();
      const startedMs = clock.nowMs();
      try {
        if (target.mayAppend()) await append(batch);
        else if (target.isHolder()) {
          await append(batch.filter(({ isInboxEntry }) => isInboxEntry));
          await accept(batch.filter(({ isInboxEntry }) => !isInboxEntry));
        } else await accept(releaseInboxEntries(batch));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
      // Several instances split the load into small batches, and a batch costs each of them commands.
      if (batch.length > 1 && (!target.mayAppend() || target.isInboxUsed())) {
        await clock.wait(Math.min(clock.nowMs() - startedMs, MAX_GATHER_MS));
      }
    }
    // Without an await since the last check: the next event must start new work.
    working = undefined;
  }

  async function append(batch: readonly PendingEvent[]): Promise<void> {
    if (batch.length === 0) return;
    const before = ownHead;
    const done = await commitBatch({
      ...parts,
      collection,
      floor,
      isHolder: target.isHolder,
      markRepeats,
      batch,
      onAppended,
    });
    ownHead = Math.max(ownHead, done.head);
    waiting = [...done.rest, ...waiting];
    if (!done.isRaceLost) return;
    target.onRaceLost();
    // The winner's events are not durable yet, so no position after them can be used.
    if (ownHead === before) await clock.wait(1 + clock.random() * LOST_PAUSE_MS);
  }

  /** A failed lookup does not fail the event, which is then reported as stored. */
  async function markRepeats(deliveries: readonly PendingEvent[]): Promise<void> {
    if (!target.isInboxUsed()) return;
    const found = await findInInbox(inbox, deliveries).catch(() => undefined);
    for (const one of found?.earlier ?? []) one.isRepeat = true;
  }

  async function accept(batch: readonly PendingEvent[]): Promise<void> {
    const { isInboxFull: isFull, prepareInbox: prepare, onAccepted } = target;
    const done = { ...parts, events: collection, inbox, batch, isFull, prepare, onAccepted };
    if (batch.length > 0) await commitToInbox(done);
  }

  function add(event: NewEvent, options: JoinOptions) {
    const joined = pendingEvents.join(event, options);
    if (joined.isFirst) {
      waiting.push(joined.pending);
      working ??= work();
    }
    return joined;
  }

  /** Rejects events after their deadline, also while an answer of the database is missing. */
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
      const deadlineMs = clock.nowMs() + timeoutMs;
      const { pending, isFirst } = add(event, { sizeBytes, deadlineMs, isInboxEntry: false });
      // The event is durable in the inbox, so the answer does not wait for its move.
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
    move(event, entry) {
      const deadlineMs = Number.POSITIVE_INFINITY;
      return add(event, { ...entry, deadlineMs, isInboxEntry: true }).pending.result;
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
