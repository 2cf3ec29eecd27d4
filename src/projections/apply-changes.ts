import type mongoose from 'mongoose';
import type { StoredEvent } from '../catalog/event.ts';
import type { ContactHash } from '../log/read/contact-hash.ts';
import type { Collection, Collections } from '../storage/models.ts';
import { type ProjectionDocument, projectionNames } from '../storage/projection-documents.ts';
import type { ClientSession } from '../storage/with-transaction.ts';
import { applyStatuses } from './current-status.ts';
import { type Change, type DerivedName, deriveChanges } from './derive-changes.ts';

/** Where changes are written, and the log's hash of contacts. */
export interface ApplyTarget {
  collections: Pick<Collections, DerivedName>;
  hashContact: ContactHash;
}

/**
 * Applies the changes of events to the projections in one transaction; separate writes would each
 * be synced to disk. Applying is idempotent and independent of order.
 */
export async function applyChanges(
  { collections, hashContact }: ApplyTarget,
  events: readonly StoredEvent[],
  session: ClientSession,
): Promise<void> {
  const changes = deriveChanges(events, hashContact);
  for (const name of projectionNames) {
    const collection = collections[name] as unknown as Collection<
      ProjectionDocument & { _id: string }
    >;
    const writes = [...changes[name]].map(([_id, change]) => ({
      updateOne: { filter: { _id }, update: toUpdate(change), upsert: true },
    }));
    if (writes.length > 0) await collection.bulkWrite(writes, { ordered: false, session });
  }
  await applyStatuses(collections, events, session);
}

type Update = mongoose.mongo.UpdateFilter<ProjectionDocument & { _id: string }>;

/** MongoDB refuses an empty operator. */
function toUpdate({ always, min, max, sets }: Change): Update {
  const added = Object.entries(sets).map(([name, values]) => [name, { $each: [...values] }]);
  return {
    ...(Object.keys(always).length > 0 && { $setOnInsert: always }),
    $min: min,
    $max: max,
    ...(added.length > 0 && { $addToSet: Object.fromEntries(added) }),
  } as Update;
}
