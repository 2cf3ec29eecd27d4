import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { watchInserts } from '../../storage/watch-inserts.ts';

/** How long notifications gather, in milliseconds. */
const GATHER_MS = 5;

/**
 * Watches for positions of inserted events; of a large insert not each is notified of.
 *
 * @param onOpen called when the stream is open: what was inserted before is read from the log
 */
export function watchPositions(
  collection: Collection<EventDocument>,
  { onPosition, onOpen }: { onPosition: (position: number) => void; onOpen: () => void },
) {
  return watchInserts(collection, {
    match: { 'fullDocument.bell': true },
    fields: ['position'],
    onInsert: ({ position }) => onPosition(position),
    onOpen,
    gatherMs: () => GATHER_MS,
  });
}
