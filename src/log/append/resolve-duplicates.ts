import mongoose from 'mongoose';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { PendingEvent } from './types.ts';

/** Ids per query: the embedded database takes quadratic time in the length of `$in`. */
const IDS_PER_QUERY = 100;

/**
 * Answers events that the log already holds, and returns the others. A duplicate gets its position
 * only once the first delivery is durable on a majority.
 */
export async function resolveDuplicates(
  events: Collection<EventDocument>,
  pending: readonly PendingEvent[],
): Promise<readonly PendingEvent[]> {
  const found = await find(events, pending, { position: 1, receivedAt: 1 });
  return pending.filter((one) => {
    const document = found.get(keyOf(one));
    if (document === undefined) return true;
    one.resolve({
      status: one.isUnclear && isOwn(one, document) ? 'stored' : 'duplicate',
      position: document.position,
    });
    return false;
  });
}

/** Finds pending events in the inbox: `own` from this delivery, `earlier` from another one. */
export async function findInInbox(
  inbox: Collection<InboxDocument>,
  pending: readonly PendingEvent[],
): Promise<{ own: ReadonlySet<PendingEvent>; earlier: ReadonlySet<PendingEvent> }> {
  if (pending.length === 0) return { own: new Set(), earlier: new Set() };
  const found = await find(inbox, pending, { receivedAt: 1 });
  const held = pending.filter((one) => found.has(keyOf(one)));
  const own = new Set(held.filter((one) => isOwn(one, found.get(keyOf(one)))));
  return { own, earlier: new Set(held.filter((one) => !own.has(one))) };
}

async function find<T extends InboxDocument>(
  collection: Collection<T>,
  pending: readonly PendingEvent[],
  projection: { receivedAt: 1; position?: 1 },
): Promise<ReadonlyMap<string, T>> {
  const ids = pending.map(({ event }) => new mongoose.mongo.Binary(event.digest));
  const pages: Promise<InboxDocument[]>[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
    const query = { _id: { $in: ids.slice(start, start + IDS_PER_QUERY) } };
    const options = { projection, readConcern: { level: 'majority' } } as const;
    const documents = collection as unknown as Collection<InboxDocument>;
    pages.push(documents.find(query, options).toArray());
  }
  const found = (await Promise.all(pages)).flat();
  return new Map(
    found.map((document) => [Buffer.from(document._id.buffer).toString('base64'), document as T]),
  );
}

/** Not its `key`: an erased user may have been removed from the event since. */
function keyOf({ event }: PendingEvent): string {
  return event.digest.toString('base64');
}

function isOwn(
  { event }: PendingEvent,
  document: Pick<InboxDocument, 'receivedAt'> | undefined,
): boolean {
  return document?.receivedAt.getTime() === event.receivedAt.getTime();
}
