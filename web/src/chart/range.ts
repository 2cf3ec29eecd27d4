import type { Range } from '../address/view.ts';
import type { EventDimension } from '../generated/graphql.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export interface ChartRange {
  /** As in "the last hour". */
  name: string;
  /** On its button. */
  short: string;
  ms: number;
  /** Width of a column, in milliseconds. */
  bucketMs: number;
  /** The unit of a column. */
  unit: 'minute' | 'hour';
  dimension: EventDimension;
}

const byMinute = { bucketMs: MINUTE_MS, unit: 'minute', dimension: 'MINUTE' } as const;
const byHour = { bucketMs: HOUR_MS, unit: 'hour', dimension: 'HOUR' } as const;

/** What the chart shows for each range. */
export const chartRanges: Readonly<Record<Range, ChartRange>> = {
  '15m': { name: 'last 15 minutes', short: '15 min', ms: 15 * MINUTE_MS, ...byMinute },
  '1h': { name: 'last hour', short: '1 h', ms: HOUR_MS, ...byMinute },
  '24h': { name: 'last 24 hours', short: '24 h', ms: DAY_MS, ...byHour },
  '7d': { name: 'last 7 days', short: '7 days', ms: 7 * DAY_MS, ...byHour },
};

/** Returns the start of the column that contains an instant, both in milliseconds since 1970. */
export function bucketOf(ms: number, { bucketMs }: Pick<ChartRange, 'bucketMs'>): number {
  return ms - (ms % bucketMs);
}
