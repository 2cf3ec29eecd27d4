import { watchInserts } from '../../storage/change-stream.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';

/** How long notifications gather after a useful one, and after others, in milliseconds. */
const GATHER_MS = 5;
const NO_NEWS_GATHER_MS = 100;

export interface WatchPositionsOptions {
  /** Returns false for a position that was already known, such as that of an own event. */
  onPosition: (position: number) => boolean;
  /** Called when the stream is open; earlier inserts are read from the log. */
  onOpen: () => void;
  /** Called for each answer of the server. */
  onAnswer: () => void;
}

/** Watches for positions of inserted events; a large insert notifies of some of its events only. */
export function watchAppends(
  collection: Collection<EventDocument>,
  { onPosition, onOpen, onAnswer }: WatchPositionsOptions,
) {
  let hasNews = false;
  let latest = 0;
  return watchInserts(collection, {
    match: { 'fullDocument.bell': true },
    fields: ['position'],
    onInsert({ position }, more) {
      latest = Math.max(latest, position);
      // A read for the last one covers those before it.
      if (!more) hasNews = onPosition(latest);
    },
    onOpen,
    onAnswer,
    gatherMs: () => (hasNews ? GATHER_MS : NO_NEWS_GATHER_MS),
  });
}
