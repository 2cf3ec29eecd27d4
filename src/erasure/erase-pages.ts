import type { StoredEvent } from '../catalog/event.ts';
import type { LogReader } from '../log/read/log-reader.ts';
import type { ErasurePseudonyms } from '../log/state/pseudonyms.ts';
import type { LogWatermarks } from '../log/state/watermarks.ts';
import { fromDocument, toDocument } from '../storage/event-document.ts';
import type { Collections } from '../storage/models.ts';

/** Maximum number of events per transaction. */
export const PAGE = 200;

/** What every step of an erasure needs. */
export interface EraseEvents {
  collections: Pick<Collections, 'events' | 'transaction'>;
  reader: LogReader;
  bounds: Pick<LogWatermarks, 'following'>;
  userId: string;
  pseudonyms: ErasurePseudonyms;
  signal: AbortSignal;
}

/** Progress of a step: number of events, and how far it searched. */
export interface Erased {
  count: number;
  reached: number;
}

/**
 * Replaces events at their positions if they are unchanged; returns the number replaced.
 *
 * @param dry only counts
 */
export async function rewrite(
  { events, transaction }: EraseEvents['collections'],
  positions: readonly number[],
  change: (event: StoredEvent) => StoredEvent,
  dry = false,
): Promise<number> {
  if (positions.length === 0) return 0;
  return transaction(async (session) => {
    const found = await events.find({ position: { $in: [...positions] } }, { session }).toArray();
    const replacements = found.flatMap((document) => {
      const event = fromDocument(document);
      const changed = change(event);
      if (changed === event) return [];
      const replacement = toDocument(changed, event.position);
      return [{ replaceOne: { filter: { _id: document._id }, replacement } }];
    });
    if (!dry && replacements.length > 0) await events.bulkWrite(replacements, { session });
    return replacements.length;
  });
}
