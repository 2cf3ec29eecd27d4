import type mongoose from 'mongoose';

/**
 * Calls back when another member of the replica set is the primary than before. A primary that was
 * unknown for a while, and is the same again, is none.
 */
export function onNewPrimary(
  client: Pick<mongoose.mongo.MongoClient, 'on'>,
  listener: () => void,
): void {
  let last: string | undefined;
  client.on('serverDescriptionChanged', ({ address, previousDescription, newDescription }) => {
    if (previousDescription.type === 'RSPrimary') last = address;
    if (newDescription.type !== 'RSPrimary' || address === last) return;
    last = address;
    listener();
  });
}
