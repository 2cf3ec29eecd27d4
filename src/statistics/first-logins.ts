import { type DateRange, type Filter, isEmpty, toQuery } from '../log/read/filter.ts';
import { CREDIBLE_INSTANT } from '../storage/credible-instant.ts';
import { type Delays, delayBucket, toDelays } from './delays.ts';
import { createFromKey, type Dimension, keyOf } from './dimensions.ts';
import {
  inSpan,
  type RunStatistics,
  refuseTooMany,
  type Seen,
  type StatisticsLimits,
} from './run-pipeline.ts';
import { knownTimeZone } from './time-zone.ts';

const LOGINS = ['user_logged_in', 'user_first_logged_in'];

export type InstallationDimension = Extract<Dimension, 'DAY' | 'WEEK' | 'MONTH' | 'OS' | 'COUNTRY'>;

export interface FirstLoginsQuery {
  /** The users whose events may be read; no other filter applies. */
  filter: Pick<Filter, 'userIds'>;
  /** Range of the sender's instant of the installation's creation. */
  createdOn?: DateRange | undefined;
  by: readonly InstallationDimension[];
  timeZone: string;
  limits: StatisticsLimits;
  viewer?: string | undefined;
}

/** The installations with the same keys. */
export interface FirstLoginRow {
  keys: Partial<Record<InstallationDimension, string | null>>;
  installations: number;
  loggedIn: number;
  delays: Delays;
}

/**
 * Counts how many created installations led to a login, and after how long: from the first creation
 * event of an installation to the first login on it, by any user.
 *
 * @throws EventlineError as `countEvents`
 */
export function countFirstLogins(
  run: RunStatistics,
  { filter, createdOn, by, timeZone: zone, limits, viewer }: FirstLoginsQuery,
): Promise<Seen<FirstLoginRow[]>> {
  const timeZone = knownTimeZone(zone);
  const fromKey = createFromKey(timeZone);
  const isCreated = { $eq: ['$type', 'installation_created'] };
  const keys = Object.fromEntries(
    by.map((name) => [
      name,
      name === 'OS' || name === 'COUNTRY' ? `$${name}` : keyOf(name, timeZone, '$createdOn'),
    ]),
  );
  const bucket = {
    $cond: [{ $eq: ['$loggedInOn', null] }, null, delayBucket('$createdOn', '$loggedInOn')],
  };
  const created = toQuery({ occurredOn: createdOn }).occurredOn;

  return run({ limits, viewer }, async (aggregate) => {
    if (isEmpty({ ...filter, occurredOn: createdOn })) return [];
    const found = await aggregate((span) => [
      {
        $match: {
          ...toQuery({ ...filter, types: ['installation_created', ...LOGINS] }),
          ...inSpan(span),
        },
      },
      {
        $group: {
          _id: '$installationId',
          createdOn: { $min: { $cond: [isCreated, CREDIBLE_INSTANT, null] } },
          loggedInOn: { $min: { $cond: [isCreated, null, CREDIBLE_INSTANT] } },
          OS: { $max: keyOf('OS', timeZone) },
          COUNTRY: { $max: keyOf('COUNTRY', timeZone) },
        },
      },
      { $match: { createdOn: { $ne: null, ...(created as object | undefined) } } },
      { $group: { _id: { ...keys, bucket }, count: { $sum: 1 } } },
      {
        $group: {
          _id: Object.fromEntries(by.map((name) => [name, `$_id.${name}`])),
          installations: { $sum: '$count' },
          delays: { $push: { bucket: '$_id.bucket', count: '$count' } },
        },
      },
      { $limit: limits.maxBuckets + 1 },
    ]);
    refuseTooMany(found, limits);
    return found
      .map(({ _id, installations, delays: pushed }): FirstLoginRow => {
        const delays = toDelays(pushed);
        const keys = Object.fromEntries(
          by.map((name) => [name, fromKey(name, _id[name]) as string | null]),
        );
        return { keys, installations: Number(installations), loggedIn: delays.count, delays };
      })
      .sort((one, other) => {
        const differing = by.find((name) => one.keys[name] !== other.keys[name]);
        const [a, b] = differing ? [one.keys[differing], other.keys[differing]] : [null, null];
        if (a == null || b == null) return a === b ? 0 : a == null ? 1 : -1;
        return a < b ? -1 : 1;
      });
  });
}
