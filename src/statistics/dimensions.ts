import { catalog } from '../catalog/catalog.ts';
import { filterKeys } from '../catalog/filter-keys.ts';
import type { PayloadFilterName } from '../catalog/payload-filters.ts';
import { statusCodes } from '../catalog/user-status.ts';

/** What events can be counted by. */
export const dimensionNames = [
  ...(['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'TYPE', 'TYPE_NAME', 'SPECIALITY'] as const),
  ...(['PROFESSIONAL', 'STATUS', 'OS', 'COUNTRY'] as const),
] as const;
export type Dimension = (typeof dimensionNames)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Units of time with about how long they are, from the shortest on. Unit: milliseconds. */
export const timeUnits: ReadonlyMap<Dimension, number> = new Map([
  ['MINUTE', MINUTE_MS],
  ['HOUR', HOUR_MS],
  ['DAY', 24 * HOUR_MS],
  ['WEEK', 7 * 24 * HOUR_MS],
  ['MONTH', 30 * 24 * HOUR_MS],
]);

type Expression = unknown;

/** The field of a payload, of those types alone whose field was checked; else null. */
function ofTypes(keys: ReadonlyMap<string, string>): Expression {
  return [...keys].reduce<Expression>(
    (otherwise, [type, key]) => ({
      $cond: [{ $eq: ['$type', type] }, { $ifNull: [`$payload.${key}`, null] }, otherwise],
    }),
    null,
  );
}

const filtered = (name: PayloadFilterName) => ofTypes(filterKeys[name]);

/** The types of the catalog that have a field, with its key. */
const having = (key: string) =>
  ofTypes(new Map(catalog.flatMap(({ name, fields }) => (fields[key] ? [[name, key]] : []))));

function statusOf(code: Expression): Expression {
  const named = Object.entries(statusCodes).reduce<Expression>(
    (otherwise, [name, number]) => ({ $cond: [{ $eq: [code, number] }, name, otherwise] }),
    'UNKNOWN',
  );
  return { $cond: [{ $eq: [code, null] }, null, named] };
}

/**
 * The expression whose value is an event's key. Days, weeks and months are the instants at which they
 * begin in the zone. A minute or an hour is a text with its offset, since one stands twice on the day on which the
 * clock is set back: `$dateTrunc` of hours takes the minutes of the offset of the year 2000.
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
 * Makes keys of what the database gave: of a minute or an hour its instant, of days, weeks and months the local
 * date on which they begin (`2026-03-29`), null of what is missing.
 */
export function createFromKey(timeZone: string) {
  // Sweden writes dates as ISO 8601 does.
  const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (dimension: Dimension, key: unknown): string | number | Date | null => {
    if (key === undefined || key === null) return null;
    // Years before 1000 are written short.
    if (key instanceof Date) return calendar.format(key).padStart(10, '0');
    if (dimension !== 'MINUTE' && dimension !== 'HOUR') return key as string | number;
    // `%z` has no colon, which ECMAScript wants.
    return new Date(String(key).replace(/(\d\d)$/, ':$1'));
  };
}
