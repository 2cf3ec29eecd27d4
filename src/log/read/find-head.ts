import { LogWentBackError } from '../../errors.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { LogWatermarks } from '../state/watermarks.ts';

/** Positions that one look asks for at once: each look narrows the place down so many times. */
const FAN = 16;

/**
 * The last position of the log that is durable on a majority.
 *
 * Positions are dense behind `from`, so "is there an n?" answers "is the head at least n?": the head
 * is found by looking at ever wider steps, then at ever narrower ones, several at once. Each look is
 * a list of equalities, which every server answers from the unique index (a sort without a bound
 * walks the whole collection on some).
 *
 * @param from a position that is known to be settled: it exists, or lies in a part that is gone
 */
export async function findHead(events: Collection<EventDocument>, from: number): Promise<number> {
  let low = from;
  let high = Number.POSITIVE_INFINITY;
  for (let exponent = 0; high === Number.POSITIVE_INFINITY; exponent += FAN) {
    const steps = Array.from({ length: FAN }, (_, index) => from + 2 ** (exponent + index));
    [low, high] = await between(events, low, steps, high);
  }
  while (high - low > 1) {
    const width = (high - low) / (FAN + 1);
    const steps = Array.from({ length: FAN }, (_, index) => low + Math.ceil(width * (index + 1)));
    const inside = [...new Set(steps)].filter((step) => step < high);
    [low, high] = await between(events, low, inside, high);
  }
  return low;
}

/**
 * The same, behind a position that this process knows to have existed.
 *
 * @param hint where somebody says that the log ends: mostly right, and then one look is enough
 * @throws LogWentBackError when that event is gone and nobody has said that it would be: it was taken
 *   away from behind, as by a restore, and what is appended behind it would leave a hole
 */
export async function findHeadBehind(
  events: Collection<EventDocument>,
  position: number,
  bounds: Pick<LogWatermarks, 'refresh' | 'floor' | 'following'>,
  hint = 0,
): Promise<number> {
  const settled = () => Math.max(bounds.following(position) - 1, bounds.floor());
  const expected = settled();
  const look = (from: number) => existing(events, [from, hint, hint + 1]);
  const [early] = await Promise.all([look(expected), bounds.refresh()]);
  const from = settled();
  const found = from === expected ? early : await look(from);
  if (from > bounds.floor() && !found.has(from)) throw new LogWentBackError();
  if (hint <= from || !found.has(hint)) return findHead(events, from);
  return found.has(hint + 1) ? findHead(events, hint + 1) : hint;
}

/** The last of some positions (ascending) before the first that does not exist, and that one. */
async function between(
  events: Collection<EventDocument>,
  low: number,
  positions: readonly number[],
  high: number,
): Promise<[low: number, high: number]> {
  const found = await existing(events, positions);
  // One behind it may exist: it was written while this was read, or there is a hole.
  const missing = positions.findIndex((position) => !found.has(position));
  if (missing === -1) return [positions.at(-1) ?? low, high];
  return [positions[missing - 1] ?? low, positions[missing] ?? high];
}

async function existing(
  events: Collection<EventDocument>,
  positions: readonly number[],
): Promise<Set<number>> {
  const found = await events
    .find(
      { position: { $in: [...positions] } },
      { projection: { _id: 0, position: 1 }, readConcern: { level: 'majority' } },
    )
    .toArray();
  return new Set(found.map(({ position }) => position));
}
