import { setTimeout as wait } from 'node:timers/promises';
import { FORMAT_WITH_BOUNDS, raiseFormatVersion } from '../storage/format-version.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { Collections } from '../storage/models.ts';
import { ANNOUNCE_MS } from './state/watermarks.ts';

/** The largest position that a cursor can hold (6 bytes). */
const LARGEST_POSITION = 2 ** 48 - 1;

/** What a restore was declared to have left. */
export interface Restored {
  /** The last position that the restored log holds. */
  head: number;
  /** No position up to it is given out again. */
  upTo: number;
}

export interface RestoredOptions {
  /** How many positions are left free; more than were lost. */
  skip: number;
  /** How long servers get to know that the log is closed, in milliseconds. */
  announceMs?: number;
  signal?: AbortSignal;
}

/**
 * Says that the log was restored to an earlier state: as many positions as may have been given out
 * since are left free, so that none is given out twice. Whoever has a cursor among them has seen
 * what is lost, and goes on with what comes now.
 *
 * @throws RangeError when the log's positions would not suffice; LogUnavailableError
 */
export async function declareRestored(
  { events, bounds, meta }: Pick<Collections, 'events' | 'bounds' | 'meta'>,
  { skip, announceMs = ANNOUNCE_MS, signal }: RestoredOptions,
): Promise<Restored> {
  await raiseFormatVersion(meta, FORMAT_WITH_BOUNDS);
  await mapDatabaseError(
    bounds.updateOne({ _id: 'bounds' }, { $set: { isClosed: true } }, { upsert: true }),
  );
  await wait(announceMs, undefined, { signal });
  const known = await mapDatabaseError(bounds.findOne({ _id: 'bounds' }));
  const floor = Math.max(known?.removedUpTo ?? 0, known?.gaps?.at(-1)?.upTo ?? 0);
  const head = await mapDatabaseError(lastWithoutHole(events, floor));
  const strays = await mapDatabaseError(positionsBeyond(events, head));
  const upTo = Math.max(head, strays.at(-1) ?? 0) + skip;
  if (upTo > LARGEST_POSITION) {
    await mapDatabaseError(bounds.updateOne({ _id: 'bounds' }, { $unset: { isClosed: 1 } }));
    throw new RangeError('the positions of the log are used up');
  }

  const declaredAt = new Date();
  // What a server wrote before it noticed lies beyond the head: the gaps leave it where it is.
  const ends = [...strays.map((position) => position - 1), upTo];
  const gaps = ends
    .map((end, index) => ({ after: strays[index - 1] ?? head, upTo: end, declaredAt }))
    .filter((gap) => gap.upTo > gap.after);
  await mapDatabaseError(
    bounds.updateOne(
      { _id: 'bounds' },
      { $push: { gaps: { $each: gaps } }, $unset: { isClosed: 1 } },
    ),
  );
  return { head, upTo };
}

/** The last position up to which none is missing; `findHead` may not trust a log with holes. */
async function lastWithoutHole(events: Collections['events'], floor: number): Promise<number> {
  const [last] = await events
    .find({ position: { $gt: floor } }, { ...positionOnly, sort: { position: -1 }, limit: 1 })
    .toArray();
  let low = floor;
  let high = last?.position ?? floor;
  while (low < high) {
    // The whole first: nearly always there is no hole.
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

const positionOnly = { projection: { _id: 0, position: 1 } } as const;
