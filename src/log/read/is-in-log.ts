import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';

/** How long a majority may take to confirm who the primary is, in milliseconds. */
const CONFIRM_MS = 10_000;

/**
 * Returns whether the log holds a position, by a read that an election cannot mislead. The majority
 * snapshot of a new primary may lack events that were acknowledged before (SERVER-53813), and a
 * primary that was cut off does not know of the later ones.
 * Source: MongoDB manual, "Read Concern linearizable".
 *
 * @throws MongoError when no majority confirms it in time
 */
export async function isInLog(
  events: Collection<EventDocument>,
  position: number,
): Promise<boolean> {
  const found = await events.findOne(
    { position },
    {
      projection: { _id: 0, position: 1 },
      readConcern: { level: 'linearizable' },
      maxTimeMS: CONFIRM_MS,
    },
  );
  return found !== null;
}
