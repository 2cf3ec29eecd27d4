import mongoose from 'mongoose';
import { erasedEvent } from '../catalog/erased/erased-event.ts';
import type { StoredEvent } from '../catalog/event.ts';
import type { Span } from '../log/read/log-reader.ts';
import { toDocument } from '../storage/event-document.ts';
import { type Erased, type EraseEvents, PAGE } from './erase-pages.ts';

/**
 * The user's own events of a span, page by page. Each is put in the place of the one that stood
 * there, under another identity, within one transaction: nobody ever reads a log without that
 * position, and the identity, a digest of what it said, goes as well.
 *
 * @param wanted which of them
 * @param onPage told of a page before it is erased
 */
export async function* eraseOwn(
  options: EraseEvents,
  span: Span,
  wanted: (event: StoredEvent) => boolean,
  onPage: (events: readonly StoredEvent[]) => Promise<void>,
): AsyncGenerator<Erased> {
  const { collections, reader, userId, pseudonyms, signal } = options;
  const { events, transaction } = collections;
  const filter = { userIds: [userId] };
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read({ after, upTo: span.upTo }, { filter, limit: PAGE, signal });
    const own = page.events.filter(wanted);
    if (own.length > 0) await onPage(own);
    const erased = own.map((event) => {
      const digest = pseudonyms.digest(event.digest);
      const erased = { ...erasedEvent(event, pseudonyms), digest, repeats: undefined };
      return toDocument(erased, event.position);
    });
    const ids = own.map(({ digest }) => new mongoose.mongo.Binary(digest));
    const moved = await transaction(async (session) => {
      if (own.length === 0) return true;
      const { deletedCount } = await events.deleteMany({ _id: { $in: ids } }, { session });
      // Somebody else erases the same, or retention has removed some: look again.
      if (deletedCount !== own.length) {
        await session.abortTransaction();
        return false;
      }
      await events.insertMany(erased, { session });
      return true;
    });
    if (!moved) continue;
    after = page.reached;
    yield { count: own.length, reached: after };
  }
}
