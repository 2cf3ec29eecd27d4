import mongoose from 'mongoose';
import type { StoredEvent } from '../../catalog/event.ts';
import { sizeOf } from '../../catalog/size-of.ts';
import type { EventDocument } from '../../storage/documents.ts';
import { fromDocument } from '../../storage/event-document.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';
import type { Collection } from '../../storage/models.ts';
import type { KnownErasures } from '../state/erasures.ts';
import { readAtStableEpoch } from '../state/read-at-stable-epoch.ts';
import type { LogWatermarks } from '../state/watermarks.ts';
import { createScanWindowEstimator } from './estimate-scan-window.ts';
import { type Filter, isEmpty, toQuery } from './filter.ts';

/** How long one query may keep the database busy, in milliseconds: nobody waits for it longer. */
export const MAX_TIME_MS = 10_000;

/** A part of the log: positions above `after` up to and including `upTo`. */
export interface Span {
  after: number;
  upTo: number;
}

export interface ReadOptions {
  filter?: Filter;
  limit: number;
  /**
   * How many bytes of memory the events may take together (see `sizeOf`): one that would go beyond
   * is left for the next read, unless it is the first. No bound unless given.
   */
  maxBytes?: number;
  /** Aborted when nobody waits for it any more: then it is not begun, or brings what it has. */
  signal?: AbortSignal | undefined;
  /** `backward` starts at the end of the span; events come in log order all the same. */
  direction?: 'forward' | 'backward';
}

export interface ReadResult {
  /** In log order. */
  events: StoredEvent[];
  /** How far the span has been looked through: the bound that the next read goes on from. */
  reached: number;
  /**
   * Where what the log still holds of the span begins: beyond the span's `after`, what lies between
   * has been removed by retention.
   */
  from: number;
}

export interface LogReader {
  /**
   * Reads matching events of a span: as many as `limit` and `maxBytes` allow, or all there are.
   * @throws LogUnavailableError when the database cannot be reached
   */
  read(span: Span, options: ReadOptions): Promise<ReadResult>;
  /** The event with this digest (32 bytes) if it matches, or undefined. */
  byDigest(digest: Buffer, filter?: Filter): Promise<StoredEvent | undefined>;
}

/**
 * Reads the log with majority read concern, so that what was read cannot be rolled back.
 *
 * Each query is a closed range of positions: its cost is bounded by its window on every server,
 * whether that stops at a limit or not. Windows widen until the page is full.
 */
export function createLogReader(
  events: Collection<EventDocument>,
  bounds: Pick<LogWatermarks, 'ensureFresh' | 'following'>,
  erasures?: Pick<KnownErasures, 'ensureFresh' | 'epoch'>,
): LogReader {
  const estimateScanWindow = createScanWindowEstimator();

  /** Hands out a window's events one by one, until there are no more or `take` has had enough. */
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
        // The driver's first batch is 101 otherwise, so that a page would be asked for twice.
        batchSize: limit,
        readConcern: { level: 'majority' },
        maxTimeMS: MAX_TIME_MS,
      },
    );
    try {
      while (await cursor.hasNext()) {
        while (cursor.bufferedCount() > 0) {
          // One at a time: what is not taken is not made into objects.
          const [document] = cursor.readBufferedDocuments(1);
          if (document && !take(fromDocument(document))) return;
        }
      }
    } finally {
      await cursor.close();
    }
  }

  /** The matching events of a span of which nothing is removed. */
  async function readSpan(
    { after, upTo }: Span,
    { filter = {}, limit, maxBytes, signal, direction = 'forward' }: ReadOptions,
  ): Promise<Omit<ReadResult, 'from'>> {
    const found: StoredEvent[] = [];
    const forward = direction === 'forward';
    if (isEmpty(filter)) return { events: [], reached: forward ? upTo : after };
    let low = after;
    let high = upTo;
    let bytes = 0;
    let full = limit <= 0;
    function take(event: StoredEvent): boolean {
      if (maxBytes !== undefined) bytes += sizeOf(event);
      full = found.length > 0 && bytes > (maxBytes ?? bytes);
      if (full) return false;
      // One that is erased meanwhile may be met a second time, as what was put in its place.
      if (found.at(-1)?.position === event.position) found.pop();
      found.push(event);
      full = found.length >= limit;
      return !full;
    }
    const windows = estimateScanWindow(filter);
    while (low < high && !full && !signal?.aborted) {
      if (forward) low = Math.min(bounds.following(low) - 1, high);
      const known = found.length;
      const window = windows.next(limit - known);
      const span = forward
        ? { after: low, upTo: Math.min(high, low + window) }
        : { after: Math.max(low, high - window), upTo: high };
      const wanted = { filter, limit: limit - known, order: forward ? 1 : -1 } as const;
      await mapDatabaseError(readWindow(span, wanted, take));
      const last = full ? found.at(-1)?.position : undefined;
      if (forward) low = last ?? span.upTo;
      else high = last === undefined ? span.after : last - 1;
      windows.found(found.length - known, forward ? low - span.after : span.upTo - high);
    }
    return forward ? { events: found, reached: low } : { events: found.reverse(), reached: high };
  }

  return {
    async read({ after, upTo }, options) {
      for (;;) {
        const from = Math.max(after, (await bounds.ensureFresh()).removedUpTo);
        const result = await readAtStableEpoch(erasures, () =>
          readSpan({ after: from, upTo }, options),
        );
        // Some of it may have been announced as removed meanwhile, and be gone half: once more.
        if ((await bounds.ensureFresh()).removedUpTo <= from) return { ...result, from };
      }
    },

    async byDigest(digest, filter = {}) {
      // `_id` first: the embedded server takes the index of the first member.
      const query = { _id: new mongoose.mongo.Binary(digest), ...toQuery(filter) };
      const document = await readAtStableEpoch(erasures, () =>
        mapDatabaseError(events.findOne(query)),
      );
      if (document === null || document.position <= (await bounds.ensureFresh()).removedUpTo) {
        return undefined;
      }
      return fromDocument(document);
    },
  };
}
