import { describeLimit } from '../config/limits.ts';
import { EventlineError } from '../errors.ts';
import { type Filter, isEmpty, toQuery } from '../log/read/filter.ts';
import type { Span } from '../log/read/log-reader.ts';
import { createFromKey, type Dimension, keyOf, timeUnits } from './dimensions.ts';
import {
  type Aggregate,
  type Document,
  inSpan,
  refuseTooMany,
  type Seen,
  type StatisticsLimits,
  type StatisticsLook,
} from './run-pipeline.ts';
import { knownTimeZone } from './time-zone.ts';

export type Subject = 'userId' | 'installationId';

export interface CountsWanted {
  filter: Filter;
  /** Each once; none: all events in one row. */
  by: readonly Dimension[];
  /** Of the IANA time zone database. */
  timeZone: string;
  /** Whom to count as well, each once in a row: it costs more. */
  distinct: ReadonlySet<Subject>;
  /** Only events behind this position. */
  after?: number | undefined;
  limits: StatisticsLimits;
}

/** The events that have the same keys. */
export interface CountRow {
  keys: Partial<Record<Dimension, string | number | Date | null>>;
  count: number;
  /** How many different ones; absent where they were not asked for. */
  userId?: number;
  installationId?: number;
}

/**
 * Counts events by what they have in common: in the order of their keys, what has none last. Without
 * a dimension there is one row, also when nothing matches.
 *
 * @throws EventlineError BAD_USER_INPUT for an unknown zone, too many buckets, or what takes too long
 */
export async function countEvents(
  look: StatisticsLook,
  { filter, by, timeZone: zone, distinct, after, limits }: CountsWanted,
): Promise<Seen<CountRow[]>> {
  const timeZone = knownTimeZone(zone);
  refuseManyInstants(filter, by, limits);
  const fromKey = createFromKey(timeZone);
  const keys =
    by.length === 0 ? null : Object.fromEntries(by.map((name) => [name, keyOf(name, timeZone)]));
  const subjects: (Subject | undefined)[] = distinct.size > 0 ? [...distinct] : [undefined];

  async function count(aggregate: Aggregate): Promise<CountRow[]> {
    const rows = new Map<string, CountRow>();
    for (const subject of isEmpty(filter) ? [] : subjects) {
      const found = await aggregate((span) => pipelineOf(span, subject));
      refuseTooMany(found, limits);
      for (const { _id, count, distinct: number } of found) {
        const id = JSON.stringify(by.map((name) => _id[name] ?? null));
        const row = rows.get(id) ?? { keys: keysOf(_id), count: Number(count) };
        if (subject) row[subject] = Number(number);
        rows.set(id, row);
      }
    }
    if (by.length === 0 && rows.size === 0) return [nothing(distinct)];
    return [...rows.values()].sort((one, other) => inOrder(one, other, by));
  }

  function pipelineOf(span: Span, subject: Subject | undefined): Document[] {
    const most = { $limit: limits.maxBuckets + 1 };
    const match = { $match: { ...toQuery(filter), ...inSpan(span) } };
    if (subject === undefined) {
      return [match, { $group: { _id: keys, count: { $sum: 1 } } }, most];
    }
    // In two steps: a set of all of a row's users would have to fit into one document.
    const each = { keys, subject: { $ifNull: [`$${subject}`, null] } };
    const isSomebody = { $cond: [{ $eq: ['$_id.subject', null] }, 0, 1] };
    return [
      match,
      { $group: { _id: each, count: { $sum: 1 } } },
      {
        $group: { _id: '$_id.keys', count: { $sum: '$count' }, distinct: { $sum: isSomebody } },
      },
      most,
    ];
  }

  const keysOf = (id: Document): CountRow['keys'] =>
    Object.fromEntries(by.map((name) => [name, fromKey(name, id[name])]));
  return look({ limits, after }, count);
}

function nothing(distinct: ReadonlySet<Subject>): CountRow {
  return { keys: {}, count: 0, ...Object.fromEntries([...distinct].map((name) => [name, 0])) };
}

/** Refuses, before anything is read, a span that has too many units of time whatever is in it. */
function refuseManyInstants(
  { occurredOn }: Filter,
  by: readonly Dimension[],
  limits: StatisticsLimits,
): void {
  const [unit, unitMs] = [...timeUnits].find(([name]) => by.includes(name)) ?? [];
  if (unitMs === undefined || !occurredOn?.from || !occurredOn.until) return;
  const spanMs = occurredOn.until.getTime() - occurredOn.from.getTime();
  const buckets = Math.ceil(spanMs / unitMs);
  if (buckets <= limits.maxBuckets) return;
  throw new EventlineError(
    'BAD_USER_INPUT',
    `by: a span like filter.occurredOn has ${buckets} buckets by ${unit}; at most ${describeLimit(limits, 'maxBuckets')} are taken. Ask for a longer unit or a shorter span.`,
  );
}

/** By their keys in the order in which they were asked for; texts by their code units. */
function inOrder(one: CountRow, other: CountRow, by: readonly Dimension[]): number {
  for (const name of by) {
    const [a, b] = [one.keys[name] ?? null, other.keys[name] ?? null].map((key) =>
      key instanceof Date ? key.getTime() : key,
    ) as [string | number | null, string | number | null];
    if (a === b) continue;
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return 0;
}
