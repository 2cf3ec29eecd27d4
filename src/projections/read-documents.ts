import { MAX_TIME_MS, type Span } from '../log/read/log-reader.ts';
import { jsonSize } from '../memory/json-size.ts';
import { workSlices } from '../memory/work-slices.ts';
import type { Collection } from '../storage/models.ts';
import type { ProjectionDocument } from '../storage/projection-documents.ts';

/** Size of the first window of positions, and the growth factor of the following ones. */
const FIRST_WINDOW = 1_024;
const WIDENING = 8;

export interface DocumentsQuery {
  /** Conditions of a MongoDB query, beginning with the prefix of an index; none on positions. */
  query: Record<string, unknown>;
  /** Positions of documents. */
  span: Span;
  limit: number;
  direction: 'forward' | 'backward';
  /** The log is removed up to this position; a document without a later event is not shown. */
  removedUpTo: number;
}

/** Found items in the order of positions, and how far the search came (see `ReadResult`). */
export interface Found<Item> {
  items: Item[];
  reached: number;
}

/**
 * Reads projection documents of a span of positions. Each query is a closed range, so its cost is
 * bounded; windows grow until the page is full.
 */
export async function readDocuments<Item extends ProjectionDocument>(
  collection: Collection<Item>,
  { query, span, limit, direction, removedUpTo }: DocumentsQuery,
): Promise<Found<Item>> {
  const forward = direction === 'forward';
  const found: Item[] = [];
  const slices = workSlices.open();
  let { after: low, upTo: high } = span;
  for (let window = FIRST_WINDOW; low < high && found.length < limit; window *= WIDENING) {
    const from = forward ? low : Math.max(low, high - window);
    const upTo = forward ? Math.min(high, low + window) : high;
    const documents = collection.find(
      {
        ...query,
        position: { $gt: from, $lte: upTo },
        ...(removedUpTo > 0 && { lastPosition: { $gt: removedUpTo } }),
      } as never,
      {
        sort: { position: forward ? 1 : -1 },
        limit: limit - found.length,
        // The driver's first batch would be 101 documents and need a second request.
        batchSize: limit - found.length,
        readConcern: { level: 'majority' },
        maxTimeMS: MAX_TIME_MS,
      },
    );
    for await (const document of documents) {
      found.push(document as Item);
      await slices.spend(jsonSize(document, Number.POSITIVE_INFINITY));
    }
    const last = found.length >= limit ? found.at(-1)?.position : undefined;
    if (forward) low = last ?? upTo;
    else high = last === undefined ? from : last - 1;
  }
  return forward ? { items: found, reached: low } : { items: found.reverse(), reached: high };
}
