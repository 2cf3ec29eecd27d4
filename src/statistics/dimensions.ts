import { catalog } from '../catalog/catalog.ts';
import { filterKeys } from '../catalog/filter-keys.ts';
import { type PayloadFilterName, payloadFilters } from '../catalog/payload-filters.ts';
import { statusCodes } from '../catalog/user-status.ts';
import { wellFormedOrNull } from '../storage/well-formed.ts';

/** The dimensions by which events can be counted. */
export const dimensionNames = [
  ...(['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'TYPE', 'TYPE_NAME', 'SPECIALITY'] as const),
  ...(['PROFESSIONAL', 'STATUS', 'OS', 'COUNTRY'] as const),
] as const;
export type Dimension = (typeof dimensionNames)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Units of time with their approximate lengths in milliseconds, shortest first. */
export const timeUnits: ReadonlyMap<Dimension, number> = new Map([
  ['MINUTE', MINUTE_MS],
  ['HOUR', HOUR_MS],
  ['DAY', 24 * HOUR_MS],
  ['WEEK', 7 * 24 * HOUR_MS],
  ['MONTH', 30 * 24 * HOUR_MS],
]);

type Expression = unknown;

/** A payload field, restricted to the types that declare it; null for other types. */
function ofTypes(
  keys: ReadonlyMap<string, string>,
  kind: Parameters<typeof wellFormedOrNull>[0],
): Expression {
  return [...keys].reduce<Expression>(
    (otherwise, [type, key]) => ({
      $cond: [{ $eq: ['$type', type] }, wellFormedOrNull(kind, key), otherwise],
    }),
    null,
  );
}

const filtered = (name: PayloadFilterName) => ofTypes(filterKeys[name], payloadFilters[name].kind);

/** A text field of the types that declare it. */
const having = (key: string) =>
  ofTypes(
    new Map(catalog.flatMap(({ name, fields }) => (fields[key] ? [[name, key]] : []))),
    'text',
  );

function statusOf(code: Expression): Expression {
  const named = Object.entries(statusCodes).reduce<Expression>(
    (otherwise, [name, number]) => ({ $cond: [{ $eq: [code, number] }, name, otherwise] }),
    'UNKNOWN',
  );
  return { $cond: [{ $eq: [code, null] }, null, named] };
}

/**
 * Returns the aggregation expression for an event's key. Days, weeks and months are the instants at
 * which they begin in the zone. Minutes and hours are strings with their offset, since an hour
 * occurs twice on the day on which the clock is set back; `$dateTrunc` to hours is wrong there
 * because it uses the minutes of the offset in the year 2000.
 */
export function keyOf(
  dimension: Dimension,
  timezone: string,
  instant: Expression = '$occurredOn',
): Expression {
  const startOf = (unit: 'day' | 'week' | 'month') => ({
    $dateTrunc: {
      date: instant,
      unit,
      timezone,
      ...(unit === 'week' && { startOfWeek: 'monday' }),
    },
  });
  switch (dimension) {
    case 'MINUTE':
      return { $dateToString: { date: instant, format: '%Y-%m-%dT%H:%M:00%z', timezone } };
    case 'HOUR':
      return { $dateToString: { date: instant, format: '%Y-%m-%dT%H:00:00%z', timezone } };
    case 'DAY':
      return startOf('day');
    case 'WEEK':
      return startOf('week');
    case 'MONTH':
      return startOf('month');
    case 'TYPE':
      return '$type';
    case 'TYPE_NAME':
      return { $ifNull: ['$typeName', '$type'] };
    case 'SPECIALITY':
      return filtered('specialities');
    case 'PROFESSIONAL':
      return filtered('professionalIds');
    case 'STATUS':
      return statusOf(filtered('statuses'));
    case 'OS':
      return having('os_name');
    case 'COUNTRY':
      return having('country_code');
    default:
      return dimension satisfies never;
  }
}

/**
 * Returns a function that converts keys from the database: minutes and hours to instants; days,
 * weeks and months to the local date on which they begin (`2026-03-29`); missing values to null.
 */
export function createFromKey(timeZone: string) {
  // The Swedish locale formats dates as ISO 8601 does.
  const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (dimension: Dimension, key: unknown): string | number | Date | null => {
    if (key === undefined || key === null) return null;
    // Years before 1000 come without leading zeros.
    if (key instanceof Date) return calendar.format(key).padStart(10, '0');
    if (dimension !== 'MINUTE' && dimension !== 'HOUR') return key as string | number;
    // `%z` prints no colon, which ECMAScript requires.
    return new Date(String(key).replace(/(\d\d)$/, ':$1'));
  };
}
