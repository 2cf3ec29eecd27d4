import { indexedKeys } from '../catalog/filter-keys.ts';
import type { Span } from '../log/read/log-reader.ts';
import type { EventDocument } from '../storage/documents.ts';
import type { Collection } from '../storage/models.ts';

/** Events that are looked at to tell how many of a log are of some types. */
const SAMPLE = 200;
/** The part of a log from which on a walk through all of it is shorter than by the index. */
const MOST = 0.5;
/** Members of a condition with an index that finds few events. */
const SELECTIVE: ReadonlySet<string> = new Set([
  ...['userId', 'installationId'],
  ...indexedKeys.map((key) => `payload.${key}`),
]);

/**
 * Whether a condition finds so much of a log that all of it is better walked through: by an index each
 * event is looked up, which takes several times as long. Of how many events have a type, some are
 * asked, spread over the span; so it costs little where it brings nothing.
 *
 * @param match the condition of a pipeline that asks for the whole log
 */
export async function asksForMost(
  events: Collection<EventDocument>,
  match: Record<string, unknown>,
  { after, upTo }: Span,
): Promise<boolean> {
  if (Object.keys(match).some((name) => SELECTIVE.has(name))) return false;
  const types = typesOf(match.type);
  if (types === undefined) return true;
  const size = Math.min(SAMPLE, upTo - after);
  const step = (upTo - after) / size;
  const positions = Array.from(
    { length: size },
    (_, index) => after + 1 + Math.floor(step * index),
  );
  const found = await events
    .find({ position: { $in: positions } }, { projection: { _id: 0, type: 1 } })
    .toArray();
  return found.filter(({ type }) => types.has(type)).length >= MOST * found.length;
}

/** The types that a condition names, as `isOneOf` writes it; undefined for all. */
function typesOf(condition: unknown): ReadonlySet<unknown> | undefined {
  if (condition === undefined) return undefined;
  if (typeof condition === 'string') return new Set([condition]);
  return new Set((condition as { $in: unknown[] }).$in);
}
