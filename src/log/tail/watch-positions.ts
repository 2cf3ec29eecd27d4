import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { watchInserts } from '../../storage/watch-inserts.ts';

/** How long notifications gather, in milliseconds, after one that brought news and after others. */
const GATHER_MS = 5;
const NO_NEWS_GATHER_MS = 100;

export interface WatchPositionsOptions {
  /** Returns false for a position that was known, as of this process's own events. */
  onPosition: (position: number) => boolean;
  /** Called when the stream is open: what was inserted before is read from the log. */
  onOpen: () => void;
  /** Called for each answer of the server. */
  onAnswer: () => void;
}

/** Watches for positions of inserted events; of a large insert not each is notified of. */
export function watchPositions(
  collection: Collection<EventDocument>,
  { onPosition, onOpen, onAnswer }: WatchPositionsOptions,
) {
  let hasNews = false;
  return watchInserts(collection, {
    match: { 'fullDocument.bell': true },
    fields: ['position'],
    onInsert({ position }) {
      hasNews = onPosition(position);
    },
    onOpen,
    onAnswer,
    gatherMs: () => (hasNews ? GATHER_MS : NO_NEWS_GATHER_MS),
  });
}
