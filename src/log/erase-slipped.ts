import { randomBytes } from 'node:crypto';
import { erasedEvent } from '../catalog/erased/erased-event.ts';
import type { StoredEvent } from '../catalog/event.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { Collections } from '../storage/models.ts';
import type { LogReader } from './read/log-reader.ts';
import { rewriteEvents } from './rewrite-events.ts';
import type { LogState } from './state/log-state.ts';
import { createPseudonyms } from './state/pseudonyms.ts';

/** Creates a reader that erases events stored after their user was erased, before it returns them. */
export function eraseSlipped(
  reader: LogReader,
  collections: Pick<Collections, 'events' | 'transaction'>,
  logState: Pick<LogState, 'readable'>,
): LogReader {
  /** Returns false if there was nothing to erase. */
  async function erase(events: readonly StoredEvent[]): Promise<boolean> {
    const slipped = events.filter((event) => logState.readable(event) !== event);
    if (slipped.length === 0) return false;
    const positions = slipped.map(({ position }) => position);
    const pseudonyms = createPseudonyms(randomBytes(32));
    await mapDatabaseError(rewriteEvents({ collections, pseudonyms }, positions, toErased));
    return true;
  }

  function toErased(event: StoredEvent): StoredEvent {
    const readable = logState.readable(event);
    if (readable !== undefined) return readable;
    // The secret of the user's other pseudonym no longer exists.
    const pseudonyms = createPseudonyms(randomBytes(32));
    return {
      ...erasedEvent(event, event.userId === null ? pseudonyms.unattributed : pseudonyms),
      digest: pseudonyms.digest(event.digest),
      repeats: undefined,
    };
  }

  return {
    async read(span, options) {
      for (;;) {
        const result = await reader.read(span, options);
        if (!(await erase(result.events))) return result;
      }
    },
    async byDigest(digest, filter) {
      const event = await reader.byDigest(digest, filter);
      if (event === undefined || !(await erase([event]))) return event;
      return reader.byDigest(digest, filter);
    },
  };
}
