import { MAX_TIME_MS } from '../log/read/log-reader.ts';
import { jsonSize } from '../memory/json-size.ts';
import { workSlices } from '../memory/work-slices.ts';
import type { EventDocument } from '../storage/documents.ts';
import type { Collection } from '../storage/models.ts';
import { type Occurrence, occurrenceOf } from './latest.ts';

/** What projections use of an event. */
export interface FoundEvent
  extends Pick<EventDocument, 'userId' | 'installationId' | 'type' | 'payload'>,
    Occurrence {}

/**
 * Streams the events of a query, each with its credible instant. Stops and returns
 * false if their payloads have more than `maxBytes`.
 */
export async function streamEvents(
  events: Collection<EventDocument>,
  query: Parameters<Collection<EventDocument>['find']>[0],
  { maxBytes, onEvent }: { maxBytes: number; onEvent: (event: FoundEvent) => void },
): Promise<boolean> {
  const options = { projection: { extra: 0 }, readConcern: { level: 'majority' } } as const;
  const slices = workSlices.open();
  let bytes = 0;
  for await (const document of events.find(query, { ...options, maxTimeMS: MAX_TIME_MS })) {
    const sizeBytes = jsonSize(document.payload, maxBytes);
    bytes += sizeBytes;
    if (bytes > maxBytes) return false;
    onEvent({ ...document, ...occurrenceOf(document) });
    await slices.spend(sizeBytes);
  }
  return true;
}
