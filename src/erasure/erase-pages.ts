import type { StoredEvent } from '../catalog/event.ts';
import type { LogReader } from '../log/read/log-reader.ts';
import type { ErasurePseudonyms } from '../log/state/pseudonyms.ts';
import type { LogWatermarks } from '../log/state/watermarks.ts';
import { fromDocument, toDocument } from '../storage/event-document.ts';
import type { Collections } from '../storage/models.ts';

/** How many events go in one transaction. */
export const PAGE = 200;

/** What every step of an erasure works with. */
export interface EraseEvents {
  collections: Pick<Collections, 'events' | 'transaction'>;
  reader: LogReader;
  bounds: Pick<LogWatermarks, 'following'>;
  userId: string;
  pseudonyms: ErasurePseudonyms;
  signal: AbortSignal;
}

/** Events that a step has come to, one page after the other: how many, and how far it looked. */
export interface Erased {
  count: number;
  reached: number;
}

/**
 * Changes events at their positions, against what stands there at that moment; returns how many.
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
