import mongoose from 'mongoose';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { PendingEvent } from './types.ts';

/**
 * Settles the entries that the log already holds, and returns the others. A repeat is told its
 * position only once the first one is durable on a majority.
 */
export async function resolveDuplicates(
  collection: Collection<EventDocument>,
  entries: readonly PendingEvent[],
): Promise<readonly PendingEvent[]> {
  const { Binary } = mongoose.mongo;
  const found = await collection
    .find(
      { _id: { $in: entries.map(({ event }) => new Binary(event.digest)) } },
      { projection: { position: 1, receivedAt: 1 }, readConcern: { level: 'majority' } },
    )
    .toArray();
  const byKey = new Map(
    found.map((document) => [Buffer.from(document._id.buffer).toString('base64'), document]),
  );
  return entries.filter((entry) => {
    // Not by `key`: an erased user may have been taken out of the event since.
    const document = byKey.get(entry.event.digest.toString('base64'));
    if (document === undefined) return true;
    const own = entry.unclear && document.receivedAt.getTime() === entry.event.receivedAt.getTime();
    entry.resolve({ status: own ? 'stored' : 'duplicate', position: document.position });
    return false;
  });
}
