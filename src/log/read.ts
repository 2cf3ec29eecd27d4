import mongoose from 'mongoose';
import type { StoredEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import { fromDocument } from './event-document.ts';
import { type Filter, isEmpty, toQuery } from './filter.ts';
import type { Collection, EventDocument } from './models.ts';

/** Positions that the first window of a walk covers, and how much wider each next one is. */
const FIRST_WINDOW = 2_048;
const WIDENING = 8;

/** A part of the log: positions above `after` up to and including `upTo`. */
export interface Span {
  after: number;
  upTo: number;
}

export interface ReadOptions {
  filter?: Filter;
  limit: number;
  /** `backward` starts at the end of the span; events come in log order all the same. */
  direction?: 'forward' | 'backward';
}

export interface ReadResult {
  /** In log order. */
  events: StoredEvent[];
  /** How far the span has been looked through: the bound that the next read goes on from. */
  reached: number;
}

export interface LogReader {
  /**
   * Reads matching events of a span: as many as `limit`, or all there are.
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
export function createReader(events: Collection<EventDocument>): LogReader {
  async function readWindow(span: Span, filter: Filter, limit: number, order: 1 | -1) {
    const documents = await events
      .find(
        { ...toQuery(filter), position: { $gt: span.after, $lte: span.upTo } },
        { sort: { position: order }, limit, readConcern: { level: 'majority' } },
      )
      .toArray();
    return documents.map(fromDocument);
  }

  return {
    async read({ after, upTo }, { filter = {}, limit, direction = 'forward' }) {
      const found: StoredEvent[] = [];
      const forward = direction === 'forward';
      let low = after;
      let high = upTo;
      let window = Object.keys(toQuery(filter)).length === 0 ? limit : FIRST_WINDOW;
      while (low < high && found.length < limit && !isEmpty(filter)) {
        const span = forward
          ? { after: low, upTo: Math.min(high, low + window) }
          : { after: Math.max(low, high - window), upTo: high };
        const missing = limit - found.length;
        const page = await orUnavailable(readWindow(span, filter, missing, forward ? 1 : -1));
        found.push(...page);
        const last = page.length === missing ? page.at(-1)?.position : undefined;
        if (forward) low = last ?? span.upTo;
        else high = last === undefined ? span.after : last - 1;
        window *= WIDENING;
      }
      if (isEmpty(filter)) return { events: [], reached: forward ? upTo : after };
      return forward ? { events: found, reached: low } : { events: found.reverse(), reached: high };
    },

    async byDigest(digest, filter = {}) {
      // `_id` first: the embedded server takes the index of the first member.
      const query = { _id: new mongoose.mongo.Binary(digest), ...toQuery(filter) };
      const document = await orUnavailable(events.findOne(query));
      return document === null ? undefined : fromDocument(document);
    },
  };
}

/** What a read brings; a fault of the database is one that clients may read. */
export async function orUnavailable<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoError)) throw error;
    throw new LogUnavailableError('The log cannot be read at the moment. Try again shortly.', {
      cause: error,
    });
  }
}
