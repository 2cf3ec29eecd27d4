import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailableError } from '../errors.ts';
import { FORMAT_WITH_BOUNDS, raiseFormatVersion } from '../storage/format-version.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { Collections } from '../storage/models.ts';
import { ANNOUNCE_MS } from './state/log-state.ts';

/** Largest position that a cursor can hold (6 bytes). */
const LARGEST_POSITION = 2 ** 48 - 1;

/** Result of declaring a restore. */
export interface Restored {
  /** The last position in the restored log. */
  head: number;
  /** No position up to this one is assigned again. */
  upTo: number;
}

export interface RestoredOptions {
  /** Number of positions to skip; more than were lost. */
  skip: number;
  /** How long servers may take to notice that the log is closed, in milliseconds. */
  announceMs?: number;
  signal?: AbortSignal;
}

/**
 * Declares that the log was restored from a backup. It skips as many positions as may have been
 * assigned since, so that none is assigned twice. A reader with a cursor among them has seen the
 * lost events and resumes with the next ones.
 *
 * @throws RangeError if `skip` exceeds the largest position; LogUnavailableError
 */
export async function declareRestored(
  { events, bounds, meta }: Pick<Collections, 'events' | 'bounds' | 'meta'>,
  { skip, announceMs = ANNOUNCE_MS, signal }: RestoredOptions,
): Promise<Restored> {
  await raiseFormatVersion(meta, FORMAT_WITH_BOUNDS);
  await close();
  await wait(announceMs, undefined, { signal });
  // Again: when a majority has this write, it has all that was appended before, and reads show it.
  const closedAt = await close();
  const known = await mapDatabaseError(bounds.findOne({ _id: 'bounds' }));
  if (known?.closedAt?.getTime() !== closedAt.getTime()) {
    throw new LogUnavailableError('The database has just elected a primary. Try again shortly.');
  }
  const floor = Math.max(known.removedUpTo ?? 0, known.gaps?.at(-1)?.upTo ?? 0);
  const head = await mapDatabaseError(lastWithoutHole(events, floor));
  const beyondHead = await mapDatabaseError(positionsBeyond(events, head));
  const upTo = Math.max(head, beyondHead.at(-1) ?? 0) + skip;
  if (upTo > LARGEST_POSITION) {
    await mapDatabaseError(bounds.updateOne({ _id: 'bounds' }, { $unset: closing }));
    throw new RangeError('the positions of the log are used up');
  }

  const declaredAt = new Date();
  // Events that a server wrote before it noticed lie beyond the head; the gaps exclude them.
  const ends = [...beyondHead.map((position) => position - 1), upTo];
  const gaps = ends
    .map((end, index) => ({ after: beyondHead[index - 1] ?? head, upTo: end, declaredAt }))
    .filter((gap) => gap.upTo > gap.after);
  await mapDatabaseError(
    bounds.updateOne({ _id: 'bounds' }, { $push: { gaps: { $each: gaps } }, $unset: closing }),
  );
  return { head, upTo };

  async function close(): Promise<Date> {
    const closedAt = new Date();
    const change = { $set: { isClosed: true, closedAt } };
    await mapDatabaseError(bounds.updateOne({ _id: 'bounds' }, change, { upsert: true }));
    return closedAt;
  }
}

/** Returns the last position without a hole before it; `findHead` requires dense positions. */
async function lastWithoutHole(events: Collections['events'], floor: number): Promise<number> {
  const [last] = await events
    .find({ position: { $gt: floor } }, { ...positionOnly, sort: { position: -1 }, limit: 1 })
    .toArray();
  let low = floor;
  let high = last?.position ?? floor;
  while (low < high) {
    // Tries the whole range first: usually there is no hole.
    const middle = low === floor && high === last?.position ? high : Math.ceil((low + high) / 2);
    const count = await events.countDocuments({ position: { $gt: low, $lte: middle } });
    if (count === middle - low) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function positionsBeyond(events: Collections['events'], head: number): Promise<number[]> {
  const found = await events
    .find({ position: { $gt: head } }, { ...positionOnly, sort: { position: 1 } })
    .toArray();
  return found.map(({ position }) => position);
}

const closing = { isClosed: 1, closedAt: 1 } as const;
const positionOnly = { projection: { _id: 0, position: 1 } } as const;
