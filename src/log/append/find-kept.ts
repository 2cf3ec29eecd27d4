import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { LogState } from '../state/log-state.ts';

/**
 * Returns those of some positions that were given out in this log and not taken back by a restore:
 * the log holds their events, or retention has removed them.
 *
 * @throws LogUnavailableError, MongoError
 */
export async function findKept(
  positions: readonly number[],
  { events, logState }: { events: Collection<EventDocument>; logState: LogState },
): Promise<ReadonlySet<number>> {
  const { removedUpTo } = await logState.ensureFresh();
  const removed = positions.filter((position) => position <= removedUpTo);
  const found = await events
    .find({ position: { $in: [...positions] } }, { projection: { _id: 0, position: 1 } })
    .toArray();
  return new Set([...removed, ...found.map(({ position }) => position)]);
}
