import { MAX_TIME_MS, type Span } from '../log/read/log-reader.ts';
import type { Collection } from '../storage/models.ts';
import type { SeenDocument } from '../storage/projection-documents.ts';

/** Positions that the first window of a walk covers, and how much wider each next one is. */
const FIRST_WINDOW = 1_024;
const WIDENING = 8;

export interface DocumentsWanted {
  /** Conditions of a MongoDB query, with what an index begins with in front; not on positions. */
  query: Record<string, unknown>;
  /** Positions of documents. */
  span: Span;
  limit: number;
  direction: 'forward' | 'backward';
  /** Up to here the log's events are removed: who has none behind it is not shown any more. */
  removedUpTo: number;
}

/** What a walk brought: in the order of positions, and how far it came (see `ReadResult`). */
export interface Found<Item> {
  items: Item[];
  reached: number;
}

/**
 * Reads derived documents of a span of positions. Each query is a closed range, so that its cost is
 * bounded on every server; windows widen until the page is full.
 */
export async function readDocuments<Item extends SeenDocument>(
  collection: Collection<Item>,
  { query, span, limit, direction, removedUpTo }: DocumentsWanted,
): Promise<Found<Item>> {
  const forward = direction === 'forward';
  const found: Item[] = [];
  let { after: low, upTo: high } = span;
  for (let window = FIRST_WINDOW; low < high && found.length < limit; window *= WIDENING) {
    const from = forward ? low : Math.max(low, high - window);
    const upTo = forward ? Math.min(high, low + window) : high;
    const page = (await collection
      .find(
        {
          ...query,
          position: { $gt: from, $lte: upTo },
          ...(removedUpTo > 0 && { lastPosition: { $gt: removedUpTo } }),
        } as never,
        {
          sort: { position: forward ? 1 : -1 },
          limit: limit - found.length,
          // The driver's first batch is 101 otherwise, so that a page would be asked for twice.
          batchSize: limit - found.length,
          readConcern: { level: 'majority' },
          maxTimeMS: MAX_TIME_MS,
        },
      )
      .toArray()) as Item[];
    found.push(...page);
    const last = found.length >= limit ? found.at(-1)?.position : undefined;
    if (forward) low = last ?? upTo;
    else high = last === undefined ? from : last - 1;
  }
  return forward ? { items: found, reached: low } : { items: found.reverse(), reached: high };
}
