import type { NewEvent, StoredEvent } from '../catalog/event.ts';
import { EventlineError } from '../errors.ts';
import { workSlices } from '../memory/work-slices.ts';
import { checkCheckpoint } from '../storage/check-meta.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { Collections } from '../storage/models.ts';
import { type OpenedStorage, openStorage } from '../storage/open-storage.ts';
import type { Appender } from './append/appender.ts';
import { createRedeliveryCounter } from './append/count-redeliveries.ts';
import { type AppendPath, openAppendPath, type WriterState } from './append/open-append-path.ts';
import { eraseSlipped } from './erase-slipped.ts';
import { createQuarantine, type Quarantine } from './quarantine.ts';
import { type ContactHash, createContactHash } from './read/contact-hash.ts';
import { type Cursors, createCursors } from './read/cursor.ts';
import { createDigestSeal } from './read/digest-seal.ts';
import { createEventIds, type EventIds } from './read/event-ids.ts';
import { isInLog } from './read/is-in-log.ts';
import { limitConcurrentReads } from './read/limit-concurrent-reads.ts';
import { createLogReader, type LogReader } from './read/log-reader.ts';
import { createRetention, type RetentionOptions } from './retention.ts';
import { createLogState, type LogState } from './state/log-state.ts';
import { ensureReached } from './tail/ensure-reached.ts';
import { createLogTailer } from './tail/log-tailer.ts';
import { createWriteProbe, type WriteProbe } from './tail/probe-writes.ts';
import type { LogTailer } from './tail/types.ts';
import { toRejected } from './to-rejected.ts';

/** Maximum concurrent reads for queries and replays. */
const READS_AT_ONCE = 8;
/** How long the position of an event in the inbox is waited for, in milliseconds. */
const FIND_POSITION_MS = 5_000;

export interface LogOptions {
  /** URI of a MongoDB replica set; see `openStorage`. */
  uri: string;
  /** Receives every new event in order, each once; see `LogTailerOptions`. */
  onEvent: (event: StoredEvent, more: boolean) => void;
  /** Called when events were removed before they could be published; see `LogTailerOptions`. */
  onSkipped?: (removedUpTo: number) => void;
  maxWaiting?: number | undefined;
  timeoutMs?: number | undefined;
  /** How many entries the inbox holds before deliveries are refused. */
  maxInboxEvents?: number | undefined;
  /** How long an erasure waits until the other instances know of it, in milliseconds. */
  erasureAnnounceMs?: number | undefined;
  /** True where no other instance can run, as on the embedded database. */
  isSole?: boolean | undefined;
  /** Counts redeliveries in the events; off where the sender does not deliver to this process. */
  countsRepeats?: boolean;
  /** How long events are kept after receipt; forever when absent. */
  retention?: Pick<RetentionOptions, 'keepMs' | 'checkMs' | 'announceMs'> | undefined;
}

/** The durable, ordered log of events. */
export interface Log {
  readonly appender: Appender;
  readonly quarantine: Quarantine;
  /** For queries and replays: its concurrent reads are limited. */
  readonly reader: LogReader;
  /** For an erasure: its reads do not wait for those of queries, and erase nothing themselves. */
  readonly rawReader: LogReader;
  readonly tailer: LogTailer;
  /** What this instance knows of the writer lease and the inbox. */
  readonly writer: () => WriterState;
  /**
   * The position of an event that was just stored here: it waits until the event leaves the inbox.
   * @returns undefined when that takes longer than `timeoutMs`
   * @throws LogUnavailableError
   */
  findPosition(event: NewEvent, timeoutMs?: number): Promise<number | undefined>;
  /** True when the database accepts writes, as far as this process knows. */
  readonly writable: () => boolean;
  readonly cursors: Cursors;
  /** The public ids of events. */
  readonly eventIds: EventIds;
  readonly hashContact: ContactHash;
  /** Positions without an event, and erased users, as far as this process knows. */
  readonly state: LogState;
  /** For projections and statistics. */
  readonly collections: Collections;
  /**
   * Returns the position of a client's cursor.
   * @throws EventlineError CURSOR_INVALID when another log issued it or it is beyond the head,
   * CURSOR_EXPIRED when events after it have been removed
   */
  positionOf(cursor: string): Promise<number>;
  /**
   * As `positionOf`, for a cursor of a projection's list, which stays valid when events are
   * removed.
   * @throws EventlineError CURSOR_INVALID
   */
  placeOf(cursor: string): Promise<number>;
  /** Returns the CURSOR_EXPIRED error with the oldest valid cursor. */
  expired(removedUpTo: number): EventlineError;
  /** Completes pending appends, then closes the database connection. */
  close(): Promise<void>;
  /** Closes the database connection at once; what the database has not answered fails. */
  disconnect(): Promise<void>;
}

/** Opens the log of a database and starts to tail it. */
export async function createLog({ uri, ...options }: LogOptions): Promise<Log> {
  return createLogIn(await openStorage(uri), options);
}

/** Starts to tail the log of an open storage; closing the log closes the storage. */
export async function createLogIn(
  storage: OpenedStorage,
  options: Omit<LogOptions, 'uri'>,
): Promise<Log> {
  const { onEvent, onSkipped, maxWaiting, timeoutMs, retention: keep } = options;
  const { collections, cursorKey, onReachable, onNewPrimary, close } = storage;
  const { events: collection } = collections;
  let onPublished: AppendPath['accepted']['onPublished'] = () => undefined;
  const cursors = createCursors(cursorKey);
  const writes: WriteProbe = createWriteProbe({
    trials: collections.writeProbes,
    isAway: () => !tailer.state().following,
  });
  let changes = 0;
  const countChange = () => {
    changes += 1;
  };
  onReachable(countChange);
  onNewPrimary(countChange);
  const primaryChanges = () => changes;
  const { logState, rawReader, reader, tailer } = await follow().catch(async (error) => {
    await close();
    throw error;
  });
  onReachable(tailer.onReachable);
  onNewPrimary(tailer.onNewPrimary);
  const repeats = options.countsRepeats ? createRedeliveryCounter(collection) : undefined;
  const quarantine = createQuarantine(
    collections,
    createDigestSeal(cursorKey, 'quarantine id'),
    logState,
    timeoutMs,
  );
  const path = await openAppendPath({
    ...{ collections, logState, maxWaiting, timeoutMs, onNewPrimary },
    ...{ isSole: options.isSole, maxInboxEvents: options.maxInboxEvents },
    durableHead: tailer.durableHead,
    onAppended: tailer.offer,
    onRepeat: repeats?.count,
    onUnavailable: writes.suspect,
    quarantine: async (event) => {
      await quarantine.keep(toRejected(event));
    },
  });
  const { appender } = path;
  onPublished = path.accepted.onPublished;
  const retention = keep && createRetention({ collections, logState, head: tailer.head, ...keep });
  return {
    appender,
    state: logState,
    collections,
    placeOf,
    quarantine,
    writer: path.writer,
    findPosition,
    reader: limitConcurrentReads(
      eraseSlipped(
        createLogReader(collection, logState, { openSlices: workSlices.open, primaryChanges }),
        collections,
        logState,
      ),
      READS_AT_ONCE,
    ),
    rawReader,
    tailer,
    writable: writes.writable,
    cursors,
    eventIds: createEventIds(cursorKey),
    hashContact: createContactHash(cursorKey),
    expired,
    async positionOf(cursor) {
      const position = await placeOf(cursor);
      const { removedUpTo } = await logState.ensureFresh();
      if (position < removedUpTo) throw expired(removedUpTo);
      return position;
    },
    async close() {
      await appender.close();
      await writes.close();
      await repeats?.close();
      await retention?.close();
      await tailer.close();
      await close();
    },
    disconnect: close,
  };

  async function findPosition(event: NewEvent, timeoutMs = FIND_POSITION_MS) {
    const position = await path.accepted.positionOf(event, timeoutMs);
    return position ?? (await reader.byDigest(event.digest))?.position;
  }

  async function placeOf(cursor: string): Promise<number> {
    const position = cursors.decode(cursor);
    // Another instance may be ahead; only the log itself knows its end.
    if (position > tailer.head() && position > (await tailer.catchUp())) {
      if (await mapDatabaseError(isInLog(collection, position))) return position;
      throw new EventlineError('CURSOR_INVALID', 'This cursor is beyond the end of the log.');
    }
    return position;
  }

  async function follow() {
    const { isSole, erasureAnnounceMs } = options;
    const logState = await createLogState(collections, isSole ? 0 : erasureAnnounceMs);
    const rawReader = createLogReader(collection, logState, { primaryChanges });
    const reader = eraseSlipped(rawReader, collections, logState);
    const tailer = await createLogTailer({
      ...{ collection, logState, reader, primaryChanges, onSkipped },
      onEvent(event, more) {
        onPublished(event, event.position);
        onEvent(event, more);
      },
      onState(state) {
        if (state.following) writes.onBack();
      },
    });
    try {
      const views = await mapDatabaseError(collections.views.findOne({ _id: 'views' }));
      await ensureReached(collections, tailer, checkCheckpoint(views?.foldedUpTo ?? 0));
    } catch (error) {
      await tailer.close();
      throw error;
    }
    return { logState, rawReader, reader, tailer };
  }

  function expired(removedUpTo: number): EventlineError {
    const oldestCursor = cursors.encode(removedUpTo);
    return new EventlineError(
      'CURSOR_EXPIRED',
      `Events after this cursor were removed (RETENTION_DAYS). The oldest valid cursor is ${oldestCursor}.`,
      { details: { oldestCursor } },
    );
  }
}
