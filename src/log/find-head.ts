import type { Collection, EventDocument } from './models.ts';

/**
 * The last position of the log that is durable on a majority, 0 when there is none.
 *
 * Positions are dense, so "is there an n?" answers "is the head at least n?": the head is found by
 * doubling and halving with equality look-ups, which every server answers from the unique index
 * (a sort without a bound walks the whole collection on some).
 *
 * @param from a position that is known to exist, or 0
 */
export async function findHead(events: Collection<EventDocument>, from: number): Promise<number> {
  const exists = async (position: number) => {
    const found = await events.findOne(
      { position },
      { projection: { _id: 0, position: 1 }, readConcern: { level: 'majority' } },
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
