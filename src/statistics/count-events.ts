import { describeLimit } from '../config/limits.ts';
import { EventlineError } from '../errors.ts';
import { type Filter, isEmpty, toQuery } from '../log/read/filter.ts';
import type { Span } from '../log/read/log-reader.ts';
import { createFromKey, type Dimension, keyOf, timeUnits } from './dimensions.ts';
import {
  type Aggregate,
  type Document,
  inSpan,
  type RunStatistics,
  refuseTooMany,
  type Seen,
  type StatisticsLimits,
} from './run-pipeline.ts';
import { knownTimeZone } from './time-zone.ts';

export type Subject = 'userId' | 'installationId';

export interface CountsQuery {
  filter: Filter;
  /** Without duplicates; empty: one row for all events. */
  by: readonly Dimension[];
  /** A name of the IANA time zone database. */
  timeZone: string;
  /** Subjects of which distinct values are counted as well, at extra cost. */
  distinct: ReadonlySet<Subject>;
  /** Only events after this position. */
  after?: number | undefined;
  limits: StatisticsLimits;
  viewer?: string | undefined;
}

/** The events with the same keys. */
export interface CountRow {
  keys: Partial<Record<Dimension, string | number | Date | null>>;
  count: number;
  /** Number of distinct values; absent unless requested. */
  userId?: number;
  installationId?: number;
}

/**
 * Counts events by dimensions. Rows are sorted by their keys, missing values last. Without
 * dimensions there is exactly one row.
 *
 * @throws EventlineError BAD_USER_INPUT for an unknown zone, too many rows, or a query over the
 * time limit
 */
export async function countEvents(
  run: RunStatistics,
  { filter, by, timeZone: zone, distinct, after, limits, viewer }: CountsQuery,
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
    // Grouped in two steps: the set of all users of a row could exceed the size limit of a
    // document.
    const each = { keys, subject: { $ifNull: [`$${subject}`, null] } };
    const hasSubject = { $cond: [{ $eq: ['$_id.subject', null] }, 0, 1] };
    return [
      match,
      { $group: { _id: each, count: { $sum: 1 } } },
      {
        $group: { _id: '$_id.keys', count: { $sum: '$count' }, distinct: { $sum: hasSubject } },
      },
      most,
    ];
  }

  const keysOf = (id: Document): CountRow['keys'] =>
    Object.fromEntries(by.map((name) => [name, fromKey(name, id[name])]));
  return run({ limits, after, viewer }, count);
}

function nothing(distinct: ReadonlySet<Subject>): CountRow {
  return { keys: {}, count: 0, ...Object.fromEntries([...distinct].map((name) => [name, 0])) };
}

/** Refuses, before any read, a span that could contain too many units of time. */
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

/** Compares rows by their keys in the order requested; strings by code units. */
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
