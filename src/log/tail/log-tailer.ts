import type { StoredEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { EventDocument } from '../../storage/documents.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';
import type { Collection } from '../../storage/models.ts';
import { createTelemetry } from '../../telemetry.ts';
import { findFirstHead, findHeadBehind } from '../read/find-head.ts';
import type { LogReader } from '../read/log-reader.ts';
import type { LogState } from '../state/log-state.ts';
import { createPollSchedule } from './poll-schedule.ts';
import { createReorderBuffer } from './reorder-buffer.ts';
import type { LogTailer, LogTailerState } from './types.ts';
import { watchAppends } from './watch-appends.ts';

/** Maximum events, and bytes, per read of missing events. */
const MISSING_PAGE = 1_000;
const MISSING_PAGE_BYTES = 16 * 1024 * 1024;

/** How long the database may take to answer before it counts as unavailable, in milliseconds. */
const SILENCE_MS = 3_000;

/** The log can no longer be tailed, or can be again. */
export const tailerStates = createTelemetry<LogTailerState>('tailer');

export interface LogTailerOptions {
  collection: Collection<EventDocument>;
  logState: LogState;
  reader: LogReader;
  /**
   * Receives every event after the start, in order, each once. `more` is true when another one
   * follows synchronously.
   */
  onEvent: (event: StoredEvent, more: boolean) => void;
  /** Called with the last removed position if events were removed before their publication. */
  onSkipped?: ((removedUpTo: number) => void) | undefined;
  /** Called when the log can no longer be tailed, and when it can again. */
  onState?: (state: LogTailerState) => void;
  /** How often the primary was lost or changed, at least; never when absent. */
  primaryChanges?: (() => number) | undefined;
  /** Interval of the poll for missed events, in milliseconds; longer while nothing happens. */
  pollMs?: number;
}

/**
 * Tails the log from its current end. Every notification (appender, change stream, poll) is only a
 * hint: an event is published when its position is the next one, a gap is read from the log, and an
 * event that was already published is dropped. Lost, duplicate and late hints therefore do no harm.
 *
 * @throws LogUnavailableError when the log cannot be read at the start
 */
export async function createLogTailer(options: LogTailerOptions): Promise<LogTailer> {
  const { collection, logState, reader, onEvent } = options;
  const { primaryChanges = () => 0, onSkipped, onState, pollMs = 1_000 } = options;
  /** A new primary may hold a restored database: `published` counts only once it was found there. */
  let confirmedAt = primaryChanges();
  let published = await mapDatabaseError(findFirstHead(collection, logState.floor()));
  let known = published;
  const reorderBuffer = createReorderBuffer();
  let outbox: StoredEvent[] = [];
  let filling: Promise<void> | undefined;
  let state: LogTailerState = { following: true };
  let closed = false;
  const schedule = createPollSchedule();
  /** Since when some stored event is unpublished, by `performance.now()`. */
  let behindSinceMs: number | undefined;

  function setState(next: LogTailerState): void {
    if (closed) return;
    const changed = state.following !== next.following;
    state = next;
    if (!changed) return;
    tailerStates.publish(next);
    onState?.(next);
  }

  function publish(event: StoredEvent): void {
    published = event.position;
    schedule.onEvent();
    // Each published event restarts the time: progress is what counts.
    behindSinceMs = undefined;
    outbox.push(event);
  }

  /** Passes the published events to `onEvent`, synchronously with their publication. */
  function flush(): void {
    const events = outbox;
    outbox = [];
    for (const [index, event] of events.entries()) onEvent(event, index < events.length - 1);
  }

  const nextPosition = () => logState.following(published);

  /** Publishes buffered events that are next, then flushes. */
  function drain(): void {
    const take = () => reorderBuffer.take(nextPosition());
    for (let next = take(); next; next = take()) publish(next);
    flush();
    if (known === published || closed) return;
    behindSinceMs ??= performance.now();
    filling ??= fill();
  }

  async function fill(): Promise<void> {
    try {
      while (known > published && !closed) {
        const span = { after: published, upTo: Math.min(known, published + MISSING_PAGE) };
        const before = published;
        const epoch = logState.epoch();
        const { events, from } = await reader.read(span, {
          limit: MISSING_PAGE,
          maxBytes: MISSING_PAGE_BYTES,
        });
        // A user was erased since the read started: read again.
        if (logState.epoch() !== epoch) continue;
        if (from > published) {
          published = from;
          onSkipped?.(from);
        }
        for (const event of events) {
          reorderBuffer.take(event.position);
          if (event.position === nextPosition()) publish(event);
        }
        drain();
        // Known from a hint but not readable yet: the next hint or poll retries.
        if (published === before) break;
      }
    } catch (error) {
      setState({ following: false, error });
    } finally {
      filling = undefined;
    }
  }

  /**
   * Returns true for an event as it was stored that no erasure has changed since, or must change.
   * Others are read from the log, in their erased form.
   */
  function mayPublish(event: StoredEvent): boolean {
    return logState.isFresh() && logState.storable(event) === event;
  }

  /**
   * Takes an event of another instance from the change stream. It is published at once if it is the
   * next one, which saves a read; otherwise its position is a hint. Returns false for a position
   * that is known.
   */
  function onAppend(event: StoredEvent, more: boolean): boolean {
    const isNews = event.position > known;
    known = Math.max(known, event.position);
    const isCurrent = mayPublish(event);
    if (isCurrent && event.position === nextPosition()) publish(event);
    // One read covers the gaps before all that have arrived.
    if (!more) drain();
    return isNews;
  }

  async function findHead(): Promise<number> {
    const changes = primaryChanges();
    const head = await mapDatabaseError(findHeadBehind(collection, published, logState, known));
    confirmedAt = changes;
    return head;
  }

  async function catchUp(): Promise<number> {
    const head = await findHead();
    published = nextPosition() - 1;
    reorderBuffer.forget(published);
    known = Math.max(known, head);
    // A read that was already running may have been too early, so one more follows.
    for (let reads = 0; reads < 2 && published < head; reads += 1) {
      drain();
      await filling;
    }
    if (published < head) {
      throw new LogUnavailableError('The log cannot be read at the moment. Try again shortly.', {
        cause: state.error,
      });
    }
    return published;
  }

  let polling: Promise<void> | undefined;
  let polledAtMs = 0;
  function poll(): void {
    if (polling && performance.now() - polledAtMs > SILENCE_MS) {
      const error = new LogUnavailableError('The database does not answer.');
      setState({ following: false, error });
    }
    if (polling === undefined) polledAtMs = performance.now();
    schedule.onPoll();
    polling ??= catchUp()
      .then(
        () => setState({ following: true }),
        (error) => setState({ following: false, error }),
      )
      .finally(() => {
        polling = undefined;
      });
  }

  // The log has the erased forms.
  const unlisten = logState.onEpoch(() => reorderBuffer.clear());
  const watcher = watchAppends(collection, {
    onAppend,
    onOpen: poll,
    onAnswer: schedule.onAnswer,
  });
  const timer = setInterval(() => {
    if (polling || !state.following || schedule.isDue()) poll();
  }, pollMs);

  return {
    head: () => published,
    async durableHead(isSure) {
      const isConfirmed = state.following && isSure && confirmedAt === primaryChanges();
      // While it is behind, the position after it may be a hole, which an append would fill.
      return isConfirmed && known <= published ? published : findHead();
    },
    offer(events) {
      for (const event of events) {
        const isWhole = mayPublish(event);
        if (isWhole && event.position === nextPosition()) publish(event);
        else if (isWhole && event.position > published) reorderBuffer.add(event);
        known = Math.max(known, event.position);
      }
      drain();
    },
    catchUp,
    onReachable(isReachable) {
      if (isReachable) poll();
      else setState({ following: false, error: new LogUnavailableError('The database is away.') });
    },
    onNewPrimary: watcher.reopen,
    state: () => state,
    lag() {
      const positions = Math.max(0, known - published);
      if (positions === 0) behindSinceMs = undefined;
      else behindSinceMs ??= performance.now();
      return { positions, ms: positions === 0 ? 0 : performance.now() - (behindSinceMs ?? 0) };
    },
    async close() {
      closed = true;
      unlisten();
      clearInterval(timer);
      await watcher.close();
      await polling;
      await filling;
    },
  };
}
