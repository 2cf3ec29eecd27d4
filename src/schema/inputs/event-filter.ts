import { filterKeys } from '../../catalog/filter-keys.ts';
import type { PayloadFilterName } from '../../catalog/payload-filters.ts';
import { type Limits, limitTable } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import type { DateRange, Filter } from '../../log/read/filter.ts';
import { builder } from '../builder.ts';
import { EventTypeEnum } from '../types/event-interface.ts';
import { UserStatusEnum } from '../types/user-status.ts';
import { withExample } from '../with-example.ts';

/**
 * The fields that a filter applies to, from the catalog: `message_sent.speciality,
 * message_read.speciality`.
 */
const lookedAt = (name: PayloadFilterName) =>
  `\`${[...filterKeys[name]].map(([type, key]) => `${type}.${key}`).join('`, `')}\``;

export const DateTimeRange = builder.inputType('DateTimeRange', {
  description: withExample(
    'A range of instants. An omitted `from` or `until` sets no bound; an empty range matches nothing; a reversed range is refused.',
    { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' },
  ),
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: withExample('Start of the range, inclusive.', '2026-01-01T00:00:00Z'),
    }),
    until: t.field({
      type: 'DateTime',
      description: withExample('End of the range, exclusive.', '2026-02-01T00:00:00Z'),
    }),
  }),
});

/** Description of every filter argument. */
export const FILTER_ARGUMENT =
  'Which events; without it all that you may see. Example: `{ types: [MESSAGE_SENT], specialities: ["work"] }`.';

export const EventFilter = builder.inputType('EventFilter', {
  description:
    'Selects events that match every given field. An omitted (or null) field matches everything; an empty list matches nothing. A filter has the same meaning in queries, replays and live subscriptions. A list holds at most 100 values by default. Example: `{ types: [MESSAGE_SENT], specialities: ["work"] }`.',
  fields: (t) => ({
    types: t.field({
      type: [EventTypeEnum],
      description: 'With one of these types. Example: `[MESSAGE_SENT, MESSAGE_READ]`.',
    }),
    userIds: t.idList({
      description: withExample("About one of these users (the sender's ids, compared exactly).", [
        '32402404G',
      ]),
    }),
    installationIds: t.field({
      type: ['UUID'],
      description: withExample('On one of these installations.', [
        'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
      ]),
    }),
    specialities: t.stringList({
      description: `With one of these specialities, compared exactly: ${lookedAt('specialities')}. Events of other types have none and do not match. Example: \`["work"]\`.`,
    }),
    professionalIds: t.field({
      type: ['SafeInt'],
      description: `With one of these professionals: ${lookedAt('professionalIds')}. Events of other types have none and do not match. Example: \`[5]\`.`,
    }),
    statuses: t.field({
      type: [UserStatusEnum],
      description: `Logins and plan changes whose (new) plan is one of these: ${lookedAt('statuses')}. UNKNOWN matches every integer except 0, 2 and 4. Events of other types have no plan and do not match. Example: \`[PREMIUM]\`.`,
    }),
    occurredOn: t.field({
      type: DateTimeRange,
      description:
        'Range of the sender\'s instant (`occurredOn`). Example: `{ from: "2026-01-01T00:00:00Z" }`.',
    }),
    receivedAt: t.field({
      type: DateTimeRange,
      description:
        'Range of the time of receipt by the webhook. Example: `{ until: "2026-02-01T00:00:00Z" }`.',
    }),
  }),
});

/**
 * Returns the log's filter for a client's filter.
 * @throws EventlineError BAD_USER_INPUT with the field at fault
 */
export function toFilter(
  input: typeof EventFilter.$inferInput | null | undefined,
  limits: Pick<Limits, 'maxFilterValues'>,
): Filter {
  if (!input) return {};
  const { types, userIds, installationIds, specialities, professionalIds, statuses } = input;
  return {
    types: list('types', types, limits),
    userIds: list('userIds', userIds, limits)?.map(String),
    installationIds: list('installationIds', installationIds, limits)?.map((id) =>
      id.toLowerCase(),
    ),
    specialities: list('specialities', specialities, limits),
    professionalIds: list('professionalIds', professionalIds, limits),
    statuses: list('statuses', statuses, limits),
    occurredOn: range('occurredOn', input.occurredOn),
    receivedAt: range('receivedAt', input.receivedAt),
  };
}

/** Limited, since the feed keeps a topic for each value. */
export function list<T>(
  name: string,
  values: readonly T[] | null | undefined,
  limits: Pick<Limits, 'maxFilterValues'>,
): readonly T[] | undefined {
  if (values && values.length > limits.maxFilterValues) {
    throw new EventlineError(
      'BAD_USER_INPUT',
      `filter.${name}: at most ${limits.maxFilterValues} values are taken, not ${values.length} (${limitTable.maxFilterValues.setting}).`,
    );
  }
  return values ?? undefined;
}

export function range(
  name: string,
  value: typeof DateTimeRange.$inferInput | null | undefined,
): DateRange | undefined {
  if (!value) return undefined;
  const from = value.from ?? undefined;
  const until = value.until ?? undefined;
  if (from && until && from > until) {
    throw new EventlineError('BAD_USER_INPUT', `filter.${name}: \`from\` lies after \`until\`.`);
  }
  return { from, until };
}
