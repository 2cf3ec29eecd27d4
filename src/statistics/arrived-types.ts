import { type Filter, isEmpty, toQuery } from '../log/read/filter.ts';
import {
  inSpan,
  type RunStatistics,
  refuseTooMany,
  type StatisticsLimits,
} from './run-pipeline.ts';

/** An event type as the sender names it, with what has arrived of it. */
export interface ArrivedType {
  /** A type of the catalog, or UNKNOWN. */
  type: string;
  typeName: string;
  count: number;
  /** Times of receipt by the webhook. */
  firstAt: Date;
  lastAt: Date;
  /** The position of the last event. */
  lastPosition: number;
}

export interface ArrivedTypesQuery {
  filter: Filter;
  limits: StatisticsLimits;
  viewer?: string | undefined;
}

/**
 * Returns the types that have arrived, most frequent first. @throws EventlineError as `countEvents`
 */
export async function readArrivedTypes(
  run: RunStatistics,
  { filter, limits, viewer }: ArrivedTypesQuery,
): Promise<ArrivedType[]> {
  if (isEmpty(filter)) return [];
  const { result } = await run({ limits, viewer }, (aggregate) =>
    aggregate((span) => [
      { $match: { ...toQuery(filter), ...inSpan(span) } },
      {
        $group: {
          _id: { type: '$type', typeName: { $ifNull: ['$typeName', '$type'] } },
          count: { $sum: 1 },
          firstAt: { $min: '$receivedAt' },
          lastAt: { $max: '$receivedAt' },
          lastPosition: { $max: '$position' },
        },
      },
      { $limit: limits.maxBuckets + 1 },
    ]),
  );
  refuseTooMany(result, limits);
  return result
    .map(({ _id, count, firstAt, lastAt, lastPosition }) => ({
      ...{ type: _id.type, typeName: _id.typeName, count: Number(count), firstAt, lastAt },
      lastPosition: Number(lastPosition),
    }))
    .sort((one, other) => other.count - one.count || (one.typeName < other.typeName ? -1 : 1));
}
