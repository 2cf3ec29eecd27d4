import type { StoredEvent } from '../catalog/event.ts';
import { EventlineError } from '../errors.ts';
import type { Collections } from '../storage/models.ts';
import { type OpenedStorage, openStorage } from '../storage/open-storage.ts';
import { type Appender, createAppender } from './append/appender.ts';
import { createRedeliveryCounter } from './append/count-redeliveries.ts';
import type { InsertReport } from './append/types.ts';
import { createTurns } from './append/writer-queue.ts';
import { createQuarantine, type Quarantine } from './quarantine.ts';
import { type Cursors, createCursors } from './read/cursor.ts';
import { createDigestSeal } from './read/digest-seal.ts';
import { createEventIds, type EventIds } from './read/event-ids.ts';
import { limitConcurrentReads } from './read/limit-concurrent-reads.ts';
import { createLogReader, type LogReader } from './read/log-reader.ts';
import { createRetention, type RetentionOptions } from './retention.ts';
import { createErasures, type KnownErasures } from './state/erasures.ts';
import { createWatermarks, type LogWatermarks } from './state/watermarks.ts';
import { createLogTailer, type LogTailer, type LogTailerState } from './tail/log-tailer.ts';
import { createWriteProbe, type WriteProbe, type WriteProbeOptions } from './tail/probe-writes.ts';

/** Reads for queries and replays that are under way at once. */
const READS_AT_ONCE = 8;

export interface LogOptions {
  /** A MongoDB replica set; see `openStorage`. */
  uri: string;
  /** Gets every event that is new since the start, in order of position, each once; see `FollowerOptions`. */
  onEvent: (event: StoredEvent, more: boolean) => void;
  /** Told when the database goes away and when it is back. */
  onState?: (state: LogTailerState) => void;
  /** Told when the database takes no writes, and when it does again. */
  onWritable?: WriteProbeOptions['onState'];
  /** Told of each insert, for the metrics. */
  onInsert?: (report: InsertReport) => void;
  maxWaiting?: number;
  timeoutMs?: number;
  /** Whether an event keeps how often it came again; not where nothing is delivered by the sender. */
  countsRepeats?: boolean;
  /** Called for an event of this process that was stored although its user had been erased. */
  onSlipped?: ((event: StoredEvent) => void) | undefined;
  /** How long events are kept after they were received; without it for ever. */
  retention?: Pick<RetentionOptions, 'keepMs' | 'onOutcome' | 'lookMs' | 'announceMs'> | undefined;
}

/** The durable, ordered line of events. */
export interface Log {
  readonly appender: Appender;
  readonly quarantine: Quarantine;
  /** For queries and replays: only so many of its reads run at once. */
  readonly reader: LogReader;
  /** For maintenance, such as an erasure: its reads do not wait for those of queries. */
  readonly maintenanceReader: LogReader;
  readonly follower: LogTailer;
  /** Whether the database takes writes, as far as this process knows. */
  readonly writable: () => boolean;
  readonly cursors: Cursors;
  /** The ids under which events are given out. */
  readonly eventIds: EventIds;
  /** Who was erased, as far as this process knows: copies of events are given out by it. */
  readonly erasures: KnownErasures;
  /** For what is derived from the log, and reads more of it than events. */
  readonly collections: Collections;
  readonly bounds: LogWatermarks;
  /**
   * The position of a cursor that a client sent.
   * @throws EventlineError CURSOR_INVALID when it is not of this log or lies beyond its end,
   *   CURSOR_EXPIRED when events behind it have been removed
   */
  positionOf(cursor: string): Promise<number>;
  /**
   * The same for the place in a list that is derived from the log, which stays where events have been
   * removed.
   * @throws EventlineError CURSOR_INVALID
   */
  placeOf(cursor: string): Promise<number>;
  /** The error for a place whose events have been removed: CURSOR_EXPIRED with the oldest cursor. */
  expired(removedUpTo: number): EventlineError;
  /** Settles what waits, then lets the database go. */
  close(): Promise<void>;
}

/** Opens the log of a database and starts to follow it. */
export async function createLog({ uri, ...options }: LogOptions): Promise<Log> {
  return createLogIn(await openStorage(uri), options);
}

/** Starts to follow the log of an opened storage, which is closed with the log. */
export async function createLogIn(
  storage: OpenedStorage,
  options: Omit<LogOptions, 'uri'>,
): Promise<Log> {
  const { onEvent, onState, maxWaiting, timeoutMs, retention: keep } = options;
  const { collections, cursorKey, onReachable, close } = storage;
  const { events: collection } = collections;
  const cursors = createCursors(cursorKey);
  const writes: WriteProbe = createWriteProbe({
    trials: collections.writeTrials,
    isAway: () => !follower.state().following,
    onState: options.onWritable,
  });
  const { bounds, erasures, reader, follower } = await follow().catch(async (error) => {
    await close();
    throw error;
  });
  onReachable(follower.onReachable);
  const repeats = options.countsRepeats ? createRedeliveryCounter(collection) : undefined;
  const appender = createAppender({
    collection,
    bounds,
    erasures,
    turns: createTurns(collections.turns),
    durableHead: follower.durableHead,
    onAppended: follower.offer,
    onInsert: options.onInsert,
    onRepeat: repeats?.count,
    onUnavailable: writes.suspect,
    ...(maxWaiting !== undefined && { maxWaiting }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const retention = keep && createRetention({ collections, bounds, head: follower.head, ...keep });
  return {
    appender,
    erasures,
    collections,
    bounds,
    placeOf,
    quarantine: createQuarantine(
      collections.quarantine,
      createDigestSeal(cursorKey, 'quarantine id'),
      erasures,
    ),
    reader: limitConcurrentReads(reader, READS_AT_ONCE),
    maintenanceReader: reader,
    follower,
    writable: writes.writable,
    cursors,
    eventIds: createEventIds(cursorKey),
    expired,
    async positionOf(cursor) {
      const position = await placeOf(cursor);
      const { removedUpTo } = await bounds.ensureFresh();
      if (position < removedUpTo) throw expired(removedUpTo);
      return position;
    },
    async close() {
      await appender.close();
      await writes.close();
      await repeats?.close();
      await retention?.close();
      await follower.close();
      await close();
    },
  };

  async function placeOf(cursor: string): Promise<number> {
    const position = cursors.decode(cursor);
    // Another instance may be ahead of this one; only the log itself knows its end.
    if (position > follower.head() && position > (await follower.catchUp())) {
      throw new EventlineError('CURSOR_INVALID', 'This cursor lies beyond the end of the log.');
    }
    return position;
  }

  async function follow() {
    const bounds = await createWatermarks(collections.bounds);
    const erasures = await createErasures(collections);
    const reader = createLogReader(collection, bounds, erasures);
    const known = { collection, bounds, erasures, reader };
    const follower = await createLogTailer({
      ...known,
      onEvent,
      onState(state) {
        if (state.following) writes.onBack();
        onState?.(state);
      },
      ...(options.onSlipped && { onSlipped: options.onSlipped }),
    });
    return { bounds, erasures, reader, follower };
  }

  function expired(removedUpTo: number): EventlineError {
    const oldestCursor = cursors.encode(removedUpTo);
    return new EventlineError(
      'CURSOR_EXPIRED',
      `Events behind this cursor have been removed, since they were older than RETENTION_DAYS. The oldest cursor to go on from is ${oldestCursor}.`,
      { details: { oldestCursor } },
    );
  }
}
