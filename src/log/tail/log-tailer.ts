import type { StoredEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { EventDocument } from '../../storage/documents.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';
import type { Collection } from '../../storage/models.ts';
import { findHead, findHeadBehind } from '../read/find-head.ts';
import type { LogReader } from '../read/log-reader.ts';
import type { KnownErasures } from '../state/erasures.ts';
import type { LogWatermarks } from '../state/watermarks.ts';
import { watchInserts } from './watch-inserts.ts';

/** Events that one read of a gap brings at most, and their bytes of memory. */
const GAP_PAGE = 1_000;
const GAP_PAGE_BYTES = 16 * 1024 * 1024;
/** Own events kept while a gap before them is read; the log has them in any case. */
const MAX_EARLY = 10_000;

/** How long the database may take to answer before it counts as away, in milliseconds. */
const SILENCE_MS = 3_000;

export interface LogTailerOptions {
  collection: Collection<EventDocument>;
  bounds: LogWatermarks;
  /** Without it nobody was ever erased. */
  erasures?: Pick<KnownErasures, 'epoch' | 'onEpoch' | 'refresh' | 'storable'> | undefined;
  /** Told of an event of this process that was stored although its user had been erased. */
  onSlipped?: (event: StoredEvent) => void;
  reader: LogReader;
  /**
   * Gets every event after the start, in order of position, each once. `more` is true when the next
   * one follows in the same turn, before anything else runs.
   */
  onEvent: (event: StoredEvent, more: boolean) => void;
  /** Told when the database cannot be followed, and when it can again. */
  onState?: (state: LogTailerState) => void;
  /** How often to look for what no notification told of, in milliseconds. */
  pollMs?: number;
}

/** `error` is the reason while the database is away. */
export interface LogTailerState {
  following: boolean;
  error?: unknown;
}

export interface LogTailer {
  /**
   * The last position that was published, or the end of a gap behind it; all up to it are durable on
   * a majority.
   */
  head(): number;
  /**
   * A position that is durable on a majority, to append behind: the head, and when the database has
   * been away, or the caller is not sure, its end of now.
   * @throws LogUnavailableError while it is away, LogWentBackError when it has lost the head
   */
  durableHead(isSure: boolean): Promise<number>;
  /** Told that the database can, or cannot, be written to, as its connections have it. */
  onReachable(isReachable: boolean): void;
  /** Durable events of this process, straight from the appender. */
  offer(events: readonly StoredEvent[]): void;
  /**
   * Looks at the log itself for its end, and resolves with it once all up to it is published.
   * @throws LogUnavailableError when the log cannot be read
   */
  catchUp(): Promise<number>;
  state(): LogTailerState;
  /** What is known to be there and is not published yet, and for how long there was some, in ms. */
  lag(): { positions: number; ms: number };
  close(): Promise<void>;
}

/**
 * Follows the log from its present end. Whatever says that there is more (the appender, the change
 * stream, the poll) is only a hint: an event is published when its position is the next one, a gap
 * is read from the log, and what was published is dropped. So a lost, doubled or late hint does no
 * harm.
 *
 * @throws LogUnavailableError when the log cannot be read at the start
 */
export async function createLogTailer(options: LogTailerOptions): Promise<LogTailer> {
  const { collection, bounds, erasures, reader, onEvent, onSlipped } = options;
  const { onState, pollMs = 1_000 } = options;
  let published = await mapDatabaseError(findHead(collection, bounds.floor()));
  let known = published;
  const reorderBuffer = new Map<number, StoredEvent>();
  let due: StoredEvent[] = [];
  let filling: Promise<void> | undefined;
  let state: LogTailerState = { following: true };
  let closed = false;
  /** Since when something is known that is not published, by `performance.now()`. */
  let behindSinceMs: number | undefined;

  function setState(next: LogTailerState): void {
    if (closed) return;
    const changed = state.following !== next.following;
    state = next;
    if (changed) onState?.(next);
  }

  function publish(event: StoredEvent): void {
    published = event.position;
    // Each step forward starts the time anew: what counts is that it goes on.
    behindSinceMs = undefined;
    due.push(event);
  }

  /** Gives out what was published in this turn: before it ends, in whatever way. */
  function flush(): void {
    const events = due;
    due = [];
    for (const [index, event] of events.entries()) onEvent(event, index < events.length - 1);
  }

  const nextPosition = () => bounds.following(published);

  /** Publishes what has come early and is next now, and gives out all of it. */
  function drain(): void {
    for (
      let next = reorderBuffer.get(nextPosition());
      next;
      next = reorderBuffer.get(nextPosition())
    ) {
      reorderBuffer.delete(next.position);
      publish(next);
    }
    flush();
    if (known === published || closed) return;
    behindSinceMs ??= performance.now();
    filling ??= fill();
  }

  async function fill(): Promise<void> {
    try {
      while (known > published && !closed) {
        const span = { after: published, upTo: Math.min(known, published + GAP_PAGE) };
        const before = published;
        const epoch = erasures?.epoch();
        const { events, from } = await reader.read(span, {
          limit: GAP_PAGE,
          maxBytes: GAP_PAGE_BYTES,
        });
        // Somebody was erased since: what was read then is told to nobody.
        if (erasures?.epoch() !== epoch) continue;
        // What was removed before it could be published is told to nobody any more.
        published = Math.max(published, from);
        for (const event of events) {
          reorderBuffer.delete(event.position);
          if (event.position === nextPosition()) publish(event);
        }
        drain();
        // Known from elsewhere, but not readable yet: the next hint or the poll comes back to it.
        if (published === before) break;
      }
    } catch (error) {
      setState({ following: false, error });
    } finally {
      filling = undefined;
    }
  }

  function hint(position: number): void {
    if (position <= known) return;
    known = position;
    drain();
  }

  async function catchUp(): Promise<number> {
    const head = await mapDatabaseError(findHeadBehind(collection, published, bounds));
    published = nextPosition() - 1;
    for (const position of reorderBuffer.keys())
      if (position <= published) reorderBuffer.delete(position);
    known = Math.max(known, head);
    // A read that was under way may have been too early: so once more.
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
    polling ??= Promise.all([catchUp(), erasures?.refresh()])
      .then(
        () => setState({ following: true }),
        (error) => setState({ following: false, error }),
      )
      .finally(() => {
        polling = undefined;
      });
  }

  // The log has them, without whoever was erased.
  const unlisten = erasures?.onEpoch(() => reorderBuffer.clear());
  const watcher = watchInserts(collection, { onPosition: hint, onReopened: poll });
  const timer = setInterval(poll, pollMs);

  return {
    head: () => published,
    async durableHead(isSure) {
      if (state.following && isSure) return published;
      return mapDatabaseError(findHeadBehind(collection, published, bounds));
    },
    offer(events) {
      for (const event of events) {
        // Written before this process knew, and answered after: the log has it without the user.
        const storable = erasures ? erasures.storable(event) : event;
        const isErased = storable !== event;
        if (storable === undefined) onSlipped?.(event);
        if (!isErased && event.position === nextPosition()) publish(event);
        else if (!isErased && event.position > published && reorderBuffer.size < MAX_EARLY) {
          reorderBuffer.set(event.position, event);
        }
        known = Math.max(known, event.position);
      }
      drain();
    },
    catchUp,
    onReachable(isReachable) {
      if (isReachable) poll();
      else setState({ following: false, error: new LogUnavailableError('The database is away.') });
    },
    state: () => state,
    lag() {
      const positions = Math.max(0, known - published);
      if (positions === 0) behindSinceMs = undefined;
      else behindSinceMs ??= performance.now();
      return { positions, ms: positions === 0 ? 0 : performance.now() - (behindSinceMs ?? 0) };
    },
    async close() {
      closed = true;
      unlisten?.();
      clearInterval(timer);
      await watcher.close();
      await polling;
      await filling;
    },
  };
}
