import mongoose from 'mongoose';
import { erasedEvent } from '../catalog/erased/erased-event.ts';
import type { StoredEvent } from '../catalog/event.ts';
import type { Span } from '../log/read/log-reader.ts';
import { PAGE } from '../log/rewrite-events.ts';
import { toDocument } from '../storage/event-document.ts';
import type { Erased, EraseEvents } from './types.ts';

/**
 * Erases the user's own events of a span, page by page. Each erased event replaces the original at
 * its position in one transaction, so no reader sees a missing position. The identity changes too,
 * since it is a digest of the content.
 *
 * @param isIncluded returns true for events to erase
 * @param onPage called with a page before it is erased
 */
export async function* eraseOwn(
  options: EraseEvents,
  span: Span,
  isIncluded: (event: StoredEvent) => boolean,
  onPage: (events: readonly StoredEvent[]) => Promise<void>,
): AsyncGenerator<Erased> {
  const { collections, reader, userId, pseudonyms, signal } = options;
  const { events, transaction } = collections;
  const filter = { userIds: [userId] };
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read(
      { after, upTo: span.upTo },
      { filter, limit: PAGE, signal, isPublished: true },
    );
    const own = page.events.filter(isIncluded);
    if (own.length > 0) await onPage(own);
    const erased = own.map((event) => {
      const digest = pseudonyms.digest(event.digest);
      const erased = { ...erasedEvent(event, pseudonyms), digest, repeats: undefined };
      return toDocument(erased, event.position);
    });
    const ids = own.map(({ digest }) => new mongoose.mongo.Binary(digest));
    const isReplaced = await transaction(async (session) => {
      if (own.length === 0) return true;
      const { deletedCount } = await events.deleteMany({ _id: { $in: ids } }, { session });
      // Another process erased some of them, or retention removed some: read the page again.
      if (deletedCount !== own.length) {
        await session.abortTransaction();
        return false;
      }
      await events.insertMany(erased, { session });
      return true;
    });
    if (!isReplaced) continue;
    after = page.reached;
    yield { count: own.length, reached: after };
  }
}
