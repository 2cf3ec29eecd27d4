import { indexedKeys } from '../catalog/filter-keys.ts';
import type { Span } from '../log/read/log-reader.ts';
import { countPositions } from '../log/state/log-state.ts';
import type { EventDocument } from '../storage/documents.ts';
import type { Collection } from '../storage/models.ts';

/** Number of events sampled to estimate which share of the log has some types. */
const SAMPLE = 200;
/** Share of the log from which on a collection scan is cheaper than the index. */
const MOST = 0.5;
/** Fields with a selective index. */
const SELECTIVE: ReadonlySet<string> = new Set([
  ...['userId', 'installationId'],
  ...indexedKeys.map((key) => `payload.${key}`),
]);

/**
 * Returns true when a condition matches so much of the log that a collection scan is cheaper: with
 * an index each event is fetched separately, which takes several times as long. The share of a type
 * is estimated from a small sample, so the check costs little where it does not help.
 *
 * @param match the condition of a pipeline over the whole log
 * @param spans the log without the positions that a restore has skipped
 */
export async function matchesMost(
  events: Collection<EventDocument>,
  match: Record<string, unknown>,
  spans: readonly Span[],
): Promise<boolean> {
  if (Object.keys(match).some((name) => SELECTIVE.has(name))) return false;
  const types = typesOf(match.type);
  if (types === undefined) return true;
  const count = countPositions(spans);
  const size = Math.min(SAMPLE, count);
  const positions = Array.from({ length: size }, (_, index) =>
    nth(spans, Math.floor((count / size) * index)),
  );
  const found = await events
    .find({ position: { $in: positions } }, { projection: { _id: 0, type: 1 } })
    .toArray();
  return found.filter(({ type }) => types.has(type)).length >= MOST * found.length;
}

/** The position with an index, from 0, in spans that together are longer. */
function nth(spans: readonly Span[], index: number): number {
  let before = 0;
  for (const { after, upTo } of spans) {
    if (index < before + upTo - after) return after + 1 + index - before;
    before += upTo - after;
  }
  throw new RangeError('the spans are shorter');
}

/** The types that a condition built by `isOneOf` names; undefined for all types. */
function typesOf(condition: unknown): ReadonlySet<unknown> | undefined {
  if (condition === undefined) return undefined;
  if (typeof condition === 'string') return new Set([condition]);
  return new Set((condition as { $in: unknown[] }).$in);
}
