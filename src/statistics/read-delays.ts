import { UUID_LAYOUT } from '../catalog/field.ts';
import { filterKeys } from '../catalog/filter-keys.ts';
import { MESSAGE_KEY } from '../catalog/message-of.ts';
import { payloadFilters } from '../catalog/payload-filters.ts';
import { between, type DateRange, type Filter, isEmpty, toQuery } from '../log/read/filter.ts';
import { CREDIBLE_INSTANT } from '../storage/credible-instant.ts';
import { wellFormedOrNull } from '../storage/well-formed.ts';
import { type Delays, delayBucket, toDelays } from './delays.ts';
import {
  type Document,
  inSpan,
  type RunStatistics,
  refuseTooMany,
  type Seen,
  type StatisticsLimits,
} from './run-pipeline.ts';

export interface ReadDelaysQuery {
  /** Selects messages by their `message_sent` event. */
  filter: Pick<Filter, 'userIds' | 'specialities' | 'professionalIds'> & { sentOn?: DateRange };
  by: readonly ('SPECIALITY' | 'PROFESSIONAL')[];
  limits: StatisticsLimits;
  viewer?: string | undefined;
}

/** The messages with the same keys. */
export interface ReadDelayRow {
  speciality: string | null;
  professionalId: number | null;
  sent: number;
  read: number;
  delays: Delays;
}

/**
 * Measures how long messages wait to be read: from the first `message_sent` event to the first
 * `message_read` event, by the sender's instants. Speciality and professional are those of
 * `message_sent`.
 *
 * @throws EventlineError as `countEvents`
 */
export function countReadDelays(
  run: RunStatistics,
  { filter: { sentOn, ...filter }, by, limits, viewer }: ReadDelaysQuery,
): Promise<Seen<ReadDelayRow[]>> {
  const sending: Filter = { ...filter, types: ['message_sent'], occurredOn: sentOn };
  const { type: _, ...sent } = toQuery(sending);
  const users = filter.userIds ? toQuery({ userIds: filter.userIds }) : {};
  const id = `$payload.${MESSAGE_KEY}`;
  const onlyOf = (type: string, value: unknown) => ({
    [type === 'message_sent' ? 'sentOn' : 'readOn']: {
      $min: { $cond: [{ $eq: ['$type', type] }, value, null] },
    },
  });
  // Carries only the requested fields through the pipeline, which holds one document per message.
  const keyed = {
    ...(by.includes('SPECIALITY') && { speciality: ofSent('specialities') }),
    ...(by.includes('PROFESSIONAL') && { professionalId: ofSent('professionalIds') }),
  };
  const keys = Object.fromEntries(Object.keys(keyed).map((key) => [key, `$${key}`]));
  const bucket = {
    $cond: [{ $eq: ['$readOn', null] }, null, delayBucket('$sentOn', '$readOn')],
  };
  const isAny = Object.keys({ ...sent, ...between('occurredOn', sentOn) }).length > 0;

  return run({ limits, viewer }, async (aggregate) => {
    if (isEmpty(sending)) return [];
    const found = await aggregate((span) => [
      {
        $match: {
          ...users,
          type: { $in: ['message_sent', 'message_read'] },
          ...inSpan(span),
          // Events with a malformed id are of no message.
          [`payload.${MESSAGE_KEY}`]: { $regex: UUID_LAYOUT, $not: { $type: 'array' } },
          ...(isAny && { $or: [{ type: 'message_read' }, { type: 'message_sent', ...sent }] }),
        },
      },
      {
        $group: {
          // Normalises the case of the id as `knownMessageId` does.
          _id: { $cond: [{ $eq: [id, { $toUpper: id }] }, { $toLower: id }, id] },
          ...onlyOf('message_sent', CREDIBLE_INSTANT),
          ...onlyOf('message_read', CREDIBLE_INSTANT),
          ...keyed,
        },
      },
      { $match: { sentOn: { $ne: null } } },
      { $group: { _id: { ...keys, bucket }, count: { $sum: 1 } } },
      {
        $group: {
          _id: Object.fromEntries(Object.keys(keys).map((key) => [key, `$_id.${key}`])),
          sent: { $sum: '$count' },
          delays: { $push: { bucket: '$_id.bucket', count: '$count' } },
        },
      },
      { $limit: limits.maxBuckets + 1 },
    ]);
    refuseTooMany(found, limits);
    return found.map(toRow).sort(inOrder);
  });
}

/** The fields of the `message_sent` event that a filter needs. */
function ofSent(name: 'specialities' | 'professionalIds') {
  const key = String(filterKeys[name].get('message_sent'));
  const value = wellFormedOrNull(payloadFilters[name].kind, key);
  return { $max: { $cond: [{ $eq: ['$type', 'message_sent'] }, value, null] } };
}

function toRow({ _id, sent, delays: pushed }: Document): ReadDelayRow {
  const delays = toDelays(pushed);
  const { speciality = null, professionalId = null } = _id ?? {};
  return { speciality, professionalId, sent: Number(sent), read: delays.count, delays };
}

function inOrder(one: ReadDelayRow, other: ReadDelayRow): number {
  if (one.speciality !== other.speciality) {
    return (one.speciality ?? '') < (other.speciality ?? '') ? -1 : 1;
  }
  return (one.professionalId ?? 0) - (other.professionalId ?? 0);
}
