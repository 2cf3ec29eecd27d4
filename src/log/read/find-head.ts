import { LogHoleError, LogUnavailableError, LogWentBackError } from '../../errors.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { LogState } from '../state/log-state.ts';
import { isInLog } from './is-in-log.ts';

/** Positions per query; each query narrows the search by this factor. */
const PROBES = 16;

/**
 * Returns the last majority-durable position of the log.
 *
 * Positions after `from` are dense, so position n exists exactly when the head is at least n. The
 * head is found by a search with growing, then shrinking steps, several positions per query. Each
 * query is a list of equalities, which every server answers from the unique index; an unbounded
 * sort would scan the whole collection on some.
 *
 * @param from a settled position: it exists, or lies in a removed part
 */
export async function findHead(events: Collection<EventDocument>, from: number): Promise<number> {
  let low = from;
  let high = Number.POSITIVE_INFINITY;
  for (let exponent = 0; high === Number.POSITIVE_INFINITY; exponent += PROBES) {
    const steps = Array.from({ length: PROBES }, (_, index) => from + 2 ** (exponent + index));
    [low, high] = await between(events, low, steps, high);
  }
  while (high - low > 1) {
    const width = (high - low) / (PROBES + 1);
    const steps = Array.from(
      { length: PROBES },
      (_, index) => low + Math.ceil(width * (index + 1)),
    );
    const inside = [...new Set(steps)].filter((step) => step < high);
    [low, high] = await between(events, low, inside, high);
  }
  return low;
}

/**
 * As `findHead`, for a process that starts, and knows no event. An append into a hole would assign
 * a position that readers have passed.
 *
 * @throws LogHoleError if there are events after the position behind the head
 */
export async function findFirstHead(
  events: Collection<EventDocument>,
  from: number,
): Promise<number> {
  const [count, head] = [await events.estimatedDocumentCount(), await findHead(events, from)];
  // A dense log has no further events, and needs no search, which is slow on some servers.
  if (count <= head - from) return head;
  const options = { projection: { _id: 1 }, readConcern: { level: 'majority' } } as const;
  const later = await events.findOne({ position: { $gt: head } }, options);
  if (later !== null) await refuseHole(events, head + 1);
  return head;
}

/**
 * As `findHead`, after a position that this process knows to have existed.
 *
 * @param later a position that a notification has named; 0 for none
 * @throws LogHoleError when that one exists, but not the next position;
 * LogWentBackError when the event at `position` is missing and its removal was not announced: the
 * database was restored, and an append would leave a hole;
 * LogUnavailableError while a new primary does not show it yet
 */
export async function findHeadBehind(
  events: Collection<EventDocument>,
  position: number,
  logState: Pick<LogState, 'refresh' | 'floor' | 'following'>,
  later = 0,
): Promise<number> {
  const settled = () => Math.max(logState.following(position) - 1, logState.floor());
  const expected = settled();
  const findFrom = (from: number) => existing(events, [from, from + 1, later]);
  const [firstFound] = await Promise.all([findFrom(expected), logState.refresh()]);
  const from = settled();
  const found = from === expected ? firstFound : await findFrom(from);
  if (from > logState.floor() && !found.has(from)) await refuseMissing(events, from);
  if (found.has(from + 1)) return findHead(events, from);
  if (later > from && found.has(later)) await refuseHole(events, from + 1);
  return from;
}

/** @throws LogUnavailableError or LogWentBackError */
async function refuseMissing(events: Collection<EventDocument>, position: number): Promise<never> {
  if (!(await isInLog(events, position))) throw new LogWentBackError();
  throw new LogUnavailableError('The database has just elected a primary. Try again shortly.');
}

/**
 * Positions are assigned in order, each behind a durable one, so an event was deleted here, or a
 * later one inserted by hand.
 *
 * @throws LogHoleError unless the position has an event by now
 */
async function refuseHole(events: Collection<EventDocument>, position: number): Promise<void> {
  if (!(await isInLog(events, position))) throw new LogHoleError(position);
}

/**
 * Returns the last of some ascending positions before the first missing one, and that missing one.
 */
async function between(
  events: Collection<EventDocument>,
  low: number,
  positions: readonly number[],
  high: number,
): Promise<[low: number, high: number]> {
  const found = await existing(events, positions);
  // A later one may exist: it was written during the query, or there is a hole.
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
