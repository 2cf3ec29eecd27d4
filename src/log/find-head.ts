import type { Collection, EventDocument } from './models.ts';

type Level = 'local' | 'majority';

/**
 * The last position of the log, 0 when it is empty.
 *
 * Positions are dense, so "is there an n?" answers "is the head at least n?": the head is found by
 * doubling and halving with equality look-ups, which every server answers from the unique index
 * (a sort without a bound walks the whole collection on some).
 *
 * @param from a position that is known to exist, or 0
 * @param level `majority` for what may be shown, `local` for where to append
 */
export async function findHead(
  events: Collection<EventDocument>,
  from: number,
  level: Level,
): Promise<number> {
  const exists = async (position: number) => {
    const found = await events.findOne(
      { position },
      { projection: { _id: 0, position: 1 }, readConcern: { level } },
    );
    return found !== null;
  };
  let low = from;
  let step = 1;
  while (await exists(low + step)) {
    low += step;
    step *= 2;
  }
  let missing = low + step;
  while (missing - low > 1) {
    const middle = low + Math.floor((missing - low) / 2);
    if (await exists(middle)) low = middle;
    else missing = middle;
  }
  return low;
}
