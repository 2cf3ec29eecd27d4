import type { BoundsDocument, EventDocument } from '../storage/documents.ts';
import type { Collection, Collections } from '../storage/models.ts';
import { ANNOUNCE_MS } from './state/log-state.ts';

/** Number of events per removal. */
const CHUNK = 1_000;

export interface RemoveAnnounced {
  collections: Pick<Collections, 'events' | 'bounds'>;
  /** How long positions are announced before they are removed, in milliseconds. */
  announceMs?: number | undefined;
  /** Waits for so many milliseconds. */
  pause: (delayMs: number) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Removes the events that retention has announced, once every instance knows. Several instances may
 * do so at once.
 *
 * @returns how many events were removed
 * @throws MongoError
 */
export async function removeAnnounced(options: RemoveAnnounced): Promise<number> {
  const { collections, announceMs = ANNOUNCE_MS, pause, signal } = options;
  const read = () => collections.bounds.findOne({ _id: 'bounds' });
  const { removedUpTo = 0, deletedUpTo = 0 } = (await read()) ?? {};
  if (deletedUpTo >= removedUpTo) return 0;
  await pause(announceMs);
  let removed = 0;
  for (let low = deletedUpTo; low < removedUpTo && !signal.aborted; ) {
    // A backup may have replaced the database during the pause.
    const now = await read();
    if ((now?.removedUpTo ?? 0) < removedUpTo || (now?.deletedUpTo ?? 0) < low) {
      return removed + (await removeAnnounced(options));
    }
    const first = await firstAfter(collections.events, low, removedUpTo);
    const upTo = first === undefined ? removedUpTo : Math.min(first + CHUNK, removedUpTo);
    if (first !== undefined) {
      const { deletedCount } = await collections.events.deleteMany({
        position: { $gt: low, $lte: upTo },
      });
      removed += deletedCount;
    }
    await note(collections.bounds, upTo);
    low = upTo;
  }
  return removed;
}

/** Skips gaps and positions that another instance has removed. */
async function firstAfter(
  events: Collection<EventDocument>,
  after: number,
  upTo: number,
): Promise<number | undefined> {
  const [first] = await events
    .find(
      { position: { $gt: after, $lte: upTo } },
      { projection: { _id: 0, position: 1 }, sort: { position: 1 }, limit: 1 },
    )
    .toArray();
  return first?.position;
}

/** An interrupted removal resumes here. */
async function note(bounds: Collection<BoundsDocument>, deletedUpTo: number): Promise<void> {
  await bounds.updateOne({ _id: 'bounds' }, { $max: { deletedUpTo } });
}
