import mongoose from 'mongoose';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { originalOf } from './pending-events.ts';
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
    const document = found(one);
    if (document === undefined) return true;
    one.resolve({
      status: one.isUnclear && !one.isRepeat && isOwn(one, document) ? 'stored' : 'duplicate',
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
  const held = pending.filter((one) => found(one) !== undefined);
  const own = new Set(held.filter((one) => isOwn(one, found(one))));
  return { own, earlier: new Set(held.filter((one) => !own.has(one))) };
}

/** Finds the documents of pending events, by their identity or that of their original. */
async function find<T extends InboxDocument>(
  collection: Collection<T>,
  pending: readonly PendingEvent[],
  projection: { receivedAt: 1; position?: 1 },
): Promise<(pending: PendingEvent) => T | undefined> {
  const ids = pending.flatMap((one) => {
    const { digest } = one.event;
    const digests = one.isCleaned ? [digest, originalOf(one)] : [digest];
    return digests.map((each) => new mongoose.mongo.Binary(each));
  });
  const pages: Promise<InboxDocument[]>[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
    const query = { _id: { $in: ids.slice(start, start + IDS_PER_QUERY) } };
    const options = { projection, readConcern: { level: 'majority' } } as const;
    const documents = collection as unknown as Collection<InboxDocument>;
    pages.push(documents.find(query, options).toArray());
  }
  const found = new Map(
    (await Promise.all(pages))
      .flat()
      .map((document) => [keyOf(document._id.buffer), document as T]),
  );
  return ({ event, key }) => found.get(keyOf(event.digest)) ?? found.get(key);
}

function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest).toString('base64');
}

function isOwn(
  { event }: PendingEvent,
  document: Pick<InboxDocument, 'receivedAt'> | undefined,
): boolean {
  return document?.receivedAt.getTime() === event.receivedAt.getTime();
}
