import mongoose from 'mongoose';
import type { StoredEvent } from '../../catalog/event.ts';
import { sizeOf } from '../../catalog/size-of.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { WorkSlices } from '../../memory/work-slices.ts';
import type { EventDocument } from '../../storage/documents.ts';
import { fromDocument } from '../../storage/event-document.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';
import type { Collection } from '../../storage/models.ts';
import type { LogState, Watermarks } from '../state/log-state.ts';
import { createScanWindowEstimator } from './estimate-scan-window.ts';
import { type Filter, isEmpty, toQuery } from './filter.ts';

/** Time limit of a query, in milliseconds. */
export const MAX_TIME_MS = 10_000;

/** A range of the log: positions above `after`, up to and including `upTo`. */
export interface Span {
  after: number;
  upTo: number;
}

export interface ReadOptions {
  filter?: Filter;
  limit: number;
  /**
   * Maximum bytes of the events (see `sizeOf`). An event that would exceed it is left to the next
   * read, unless it is the first. Unlimited when absent.
   */
  maxBytes?: number;
  /** Aborted when the caller no longer waits: the read does not start, or returns what it has. */
  signal?: AbortSignal | undefined;
  /**
   * The span ends at an event that was published. While the database does not show that event, the
   * read is refused, because it would take others for absent as well.
   */
  isPublished?: boolean;
  /** `backward` starts at the end of the span; events are in log order in both cases. */
  direction?: 'forward' | 'backward';
}

export interface ReadResult {
  /** In log order. */
  events: StoredEvent[];
  /** How far the span was searched: the bound for the next read. */
  reached: number;
  /**
   * Start of the part of the span that the log still holds: beyond the span's `after` when
   * retention has removed events.
   */
  from: number;
}

/** What one or several queries have found. */
interface SpanResult extends Omit<ReadResult, 'from'> {
  /**
   * The last event found, or the full page, comes from the only query. A query sees one state of the
   * log, which has everything before that event.
   */
  isOneView: boolean;
}

export interface LogReaderOptions {
  /** Begins the slices in which a window is decoded; all at once when absent. */
  openSlices?: (() => WorkSlices) | undefined;
  /** How often the primary was lost or changed, at least; never when absent. */
  primaryChanges?: (() => number) | undefined;
}

export interface LogReader {
  /**
   * Reads matching events of a span: as many as `limit` and `maxBytes` allow, or all.
   * @throws LogUnavailableError when the database cannot be reached
   */
  read(span: Span, options: ReadOptions): Promise<ReadResult>;
  /** Returns the event with this digest (32 bytes) if it matches, or undefined. */
  byDigest(digest: Buffer, filter?: Filter): Promise<StoredEvent | undefined>;
}

/**
 * Creates a reader with majority read concern, so that results cannot be rolled back.
 *
 * Each query is a closed range of positions, which bounds its cost even on servers that do not stop
 * at a limit. Windows grow until the page is full.
 */
export function createLogReader(
  events: Collection<EventDocument>,
  logState: Pick<LogState, 'ensureFresh' | 'refresh' | 'run' | 'following' | 'preceding'>,
  { openSlices, primaryChanges = () => 0 }: LogReaderOptions = {},
): LogReader {
  const estimateScanWindow = createScanWindowEstimator();

  /** Passes the events of a window to `take`, until it returns false or the window ends. */
  async function readWindow(
    span: Span,
    { filter, limit, order }: { filter: Filter; limit: number; order: 1 | -1 },
    take: (event: StoredEvent) => boolean,
  ): Promise<void> {
    const cursor = events.find(
      { ...toQuery(filter), position: { $gt: span.after, $lte: span.upTo } },
      {
        sort: { position: order },
        limit,
        // The driver's first batch would be 101 documents and need a second request.
        batchSize: limit,
        readConcern: { level: 'majority' },
        maxTimeMS: MAX_TIME_MS,
      },
    );
    const slices = openSlices?.();
    try {
      while (await cursor.hasNext()) {
        while (cursor.bufferedCount() > 0) {
          // One document at a time: documents beyond the page are not deserialised.
          const [document] = cursor.readBufferedDocuments(1);
          // Written by hand: no cursor can express such a position.
          if (!document || !Number.isSafeInteger(document.position)) continue;
          const event = fromDocument(document);
          if (!take(event)) return;
          const turn = slices?.spend(sizeOf(event));
          if (turn) await turn;
        }
      }
    } finally {
      await cursor.close();
    }
  }

  /** Returns the matching events of a span without removed positions. */
  async function readSpan(
    { after, upTo }: Span,
    { filter = {}, limit, maxBytes, signal, direction = 'forward' }: ReadOptions,
  ): Promise<SpanResult> {
    const found: StoredEvent[] = [];
    const forward = direction === 'forward';
    if (isEmpty(filter)) return { events: [], reached: forward ? upTo : after, isOneView: true };
    let low = after;
    let high = upTo;
    let bytes = 0;
    let full = limit <= 0;
    let queries = 0;
    function take(event: StoredEvent): boolean {
      if (maxBytes !== undefined) bytes += sizeOf(event);
      full = found.length > 0 && bytes > (maxBytes ?? bytes);
      if (full) return false;
      // An event that is erased during the read may appear twice: before and after.
      if (found.at(-1)?.position === event.position) found.pop();
      found.push(event);
      full = found.length >= limit;
      return !full;
    }
    const windows = estimateScanWindow(filter);
    while (low < high && !full && !signal?.aborted) {
      // A restore skips a billion positions: windows would take thousands of queries through them.
      if (forward) low = Math.min(logState.following(low) - 1, high);
      else high = Math.max(logState.preceding(high), low);
      if (low >= high) break;
      const known = found.length;
      const window = windows.next(limit - known);
      const span = forward
        ? { after: low, upTo: Math.min(high, low + window) }
        : { after: Math.max(low, high - window), upTo: high };
      const request = { filter, limit: limit - known, order: forward ? 1 : -1 } as const;
      await mapDatabaseError(readWindow(span, request, take));
      queries += 1;
      const last = full ? found.at(-1)?.position : undefined;
      if (forward) low = last ?? span.upTo;
      else high = last === undefined ? span.after : last - 1;
      windows.found(found.length - known, forward ? low - span.after : span.upTo - high);
    }
    if (!forward) found.reverse();
    const isComplete = (forward && full) || found.at(-1)?.position === upTo;
    const isOneView = queries === 0 || (queries === 1 && isComplete);
    return { events: found, reached: forward ? low : high, isOneView };
  }

  /**
   * Reads a span that was published. Its last event must be shown before the read by the primary that
   * answers it: the majority snapshot of a new primary may be older (SERVER-53813), and grows during
   * the read. A read without a filter mostly finds that event, or a full page, in one query.
   */
  async function readPublished(span: Span, options: ReadOptions): Promise<SpanResult> {
    const isFiltered = Object.keys(options.filter ?? {}).length > 0;
    for (let mustBeShown = isFiltered; ; mustBeShown = true) {
      const changes = primaryChanges();
      if (mustBeShown) await ensureShown(span.upTo);
      const result = await readSpan(span, options);
      if (result.isOneView || (mustBeShown && primaryChanges() === changes)) return result;
    }
  }

  /** @throws LogUnavailableError while a new primary does not show this position yet */
  async function ensureShown(position: number): Promise<void> {
    const isVacant = ({ removedUpTo }: Watermarks) =>
      position <= removedUpTo || logState.following(position - 1) !== position;
    if (isVacant(await logState.ensureFresh())) return;
    const found = await mapDatabaseError(
      events.findOne(
        { position },
        {
          projection: { _id: 0, position: 1 },
          readConcern: { level: 'majority' },
          maxTimeMS: MAX_TIME_MS,
        },
      ),
    );
    if (found !== null || isVacant(await logState.refresh())) return;
    throw new LogUnavailableError('The database has just elected a primary. Try again shortly.');
  }

  return {
    read({ after, upTo }, options) {
      const readPart = options.isPublished ? readPublished : readSpan;
      return logState.run(async ({ removedUpTo }) => {
        const from = Math.max(after, removedUpTo);
        const { events, reached } = await readPart({ after: from, upTo }, options);
        return { events, reached, from };
      });
    },

    async byDigest(digest, filter = {}) {
      // `_id` first: the embedded server uses the index of the first member.
      const query = { _id: new mongoose.mongo.Binary(digest), ...toQuery(filter) };
      return logState.run(async ({ removedUpTo }) => {
        const document = await mapDatabaseError(events.findOne(query));
        if (document === null || document.position <= removedUpTo) return undefined;
        return fromDocument(document);
      });
    },
  };
}
