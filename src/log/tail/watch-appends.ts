import type { StoredEvent } from '../../catalog/event.ts';
import { watchInserts } from '../../storage/change-stream.ts';
import type { EventDocument } from '../../storage/documents.ts';
import { fromDocument } from '../../storage/event-document.ts';
import type { Collection } from '../../storage/models.ts';

/** How long notifications gather after a useful one, and after others, in milliseconds. */
const GATHER_MS = 5;
const NO_NEWS_GATHER_MS = 100;

export interface WatchAppendsOptions {
  /**
   * Called with an inserted event. `more` is true when another one has arrived with it. Returns
   * false for an event whose position was already known, such as an own one.
   */
  onAppend: (event: StoredEvent, more: boolean) => boolean;
  /** Called when the stream is open; earlier inserts are read from the log. */
  onOpen: () => void;
  /** Called for each answer of the server. */
  onAnswer: () => void;
}

/** Watches for inserted events; a large insert notifies of some of its events only. */
export function watchAppends(
  collection: Collection<EventDocument>,
  { onAppend, onOpen, onAnswer }: WatchAppendsOptions,
) {
  let hasNews = false;
  return watchInserts(collection, {
    match: { 'fullDocument.bell': true },
    onInsert(document, more) {
      // Written by hand: as a hint it would never be reached.
      if (!Number.isSafeInteger(document.position)) return;
      hasNews = onAppend(fromDocument(document), more);
    },
    onOpen,
    onAnswer,
    gatherMs: () => (hasNews ? GATHER_MS : NO_NEWS_GATHER_MS),
  });
}
