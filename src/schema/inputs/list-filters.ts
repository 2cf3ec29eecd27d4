import { narrow, type Viewer } from '../../auth/viewer.ts';
import { isStorableInstant } from '../../catalog/instants.ts';
import type { Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import { between, type DateRange } from '../../log/read/filter.ts';
import { unreadMessages } from '../../projections/unread-messages.ts';
import { isOneOf } from '../../storage/is-one-of.ts';
import { builder } from '../builder.ts';
import { UserStatusEnum } from '../types/user-status.ts';
import { withExample } from '../with-example.ts';
import { DateTimeRange, list, range } from './event-filter.ts';

const NOTE =
  'An omitted (or null) field matches everything; an empty list matches nothing. A list holds at most 100 values by default.';
const userIdsNote = withExample("Only these users (the sender's ids, compared exactly).", [
  '32402404G',
]);
const instantOf = (event: string, field: string) =>
  withExample(
    `Range of the sender's instant of the ${event}. It includes events that retention has removed, unlike the field \`${field}\`.`,
    { from: '2026-01-01T00:00:00Z' },
  );

export const UserFilter = builder.inputType('UserFilter', {
  description: `Selects users who match every given field. ${NOTE} Example: \`{ lastSeen: { until: "2026-01-01T00:00:00Z" } }\`.`,
  fields: (t) => ({
    userIds: t.idList({ description: userIdsNote }),
    statuses: t.field({
      type: [UserStatusEnum],
      description:
        'Whose current plan (`currentStatus`) is one of these. UNKNOWN matches every integer except 0, 2 and 4. Users without a login or change of plan have none and do not match. A plan whose events retention has removed still counts, unlike in the field `currentStatus`. Example: `[PREMIUM]`.',
    }),
    firstSeen: t.field({ type: DateTimeRange, description: instantOf('first event', 'firstSeen') }),
    lastSeen: t.field({ type: DateTimeRange, description: instantOf('last event', 'lastSeen') }),
  }),
});

export const InstallationFilter = builder.inputType('InstallationFilter', {
  description: `Selects installations that match every given field. With a token for one user, \`osNames\` and \`countryCodes\` match nothing, because creation events have no user. ${NOTE} Example: \`{ osNames: ["ios"], uninstalled: true }\`.`,
  fields: (t) => ({
    osNames: t.stringList({
      description: withExample('Created with one of these operating systems, compared exactly.', [
        'ios',
      ]),
    }),
    countryCodes: t.stringList({
      description: withExample('Created in one of these countries, compared exactly.', ['es']),
    }),
    uninstalled: t.boolean({
      description:
        'Whether the app was uninstalled, according to the events that you may see. Example: `true`.',
    }),
    lastSeen: t.field({ type: DateTimeRange, description: instantOf('last event', 'lastSeen') }),
  }),
});

export const MessageFilter = builder.inputType('MessageFilter', {
  description: `Selects messages that match every given field. ${NOTE} Example: \`{ unread: true, olderThan: "PT24H" }\`.`,
  fields: (t) => ({
    userIds: t.idList({ description: userIdsNote }),
    unread: t.boolean({
      description:
        'True: messages without a `message_read` event; false: messages with one, whether it arrived before or after the `message_sent` event. Example: `true`.',
    }),
    olderThan: t.field({
      type: 'Duration',
      description: withExample('Sent at least this long ago.', 'PT24H'),
    }),
    specialities: t.stringList({
      description: withExample('With one of these specialities, compared exactly.', ['work']),
    }),
    professionalIds: t.field({
      type: ['SafeInt'],
      description: withExample('With one of these professionals.', [5]),
    }),
    sentOn: t.field({
      type: DateTimeRange,
      description: instantOf('first `message_sent` event', 'sentOn'),
    }),
  }),
});

type Optional<T> = T | null | undefined;
type Query = Record<string, unknown>;
type FilterLimits = Pick<Limits, 'maxFilterValues'>;

/** Returns the query of users. @throws EventlineError BAD_USER_INPUT, FORBIDDEN */
export function usersQuery(
  filter: Optional<typeof UserFilter.$inferInput>,
  viewer: Viewer,
  limits: FilterLimits,
): Query {
  const { userIds } = narrow(viewer, { userIds: idsOf(filter?.userIds, limits) });
  return {
    // The prefix of an index first: the embedded server uses the index of the first member.
    ...(userIds && { _id: isOneOf(userIds) }),
    ...oneOf('status', list('statuses', filter?.statuses, limits)),
    ...between('firstSeen', range('firstSeen', filter?.firstSeen)),
    ...between('lastSeen', range('lastSeen', filter?.lastSeen)),
  };
}

/** Returns the query of installations. @throws EventlineError BAD_USER_INPUT */
export function installationsQuery(
  filter: Optional<typeof InstallationFilter.$inferInput>,
  limits: FilterLimits,
): Query {
  const { uninstalled } = filter ?? {};
  return {
    ...oneOf('osNames', list('osNames', filter?.osNames, limits)),
    ...oneOf('countryCodes', list('countryCodes', filter?.countryCodes, limits)),
    ...(uninstalled != null && { uninstalledOn: uninstalled ? { $ne: null } : { $eq: null } }),
    ...between('lastSeen', range('lastSeen', filter?.lastSeen)),
  };
}

/** Returns the query of messages. @throws EventlineError BAD_USER_INPUT, FORBIDDEN */
export function messagesQuery(
  filter: Optional<typeof MessageFilter.$inferInput>,
  viewer: Viewer,
  limits: FilterLimits,
): Query {
  const { userIds } = narrow(viewer, { userIds: idsOf(filter?.userIds, limits) });
  const { unread, olderThan } = filter ?? {};
  const sentOn = range('sentOn', filter?.sentOn);
  return {
    // As above.
    ...(userIds && { userId: isOneOf(userIds) }),
    ...(unread != null && unreadMessages(unread)),
    ...between('sentOn', olderThan == null ? sentOn : notAfter(olderThan, sentOn)),
    ...oneOf('specialities', list('specialities', filter?.specialities, limits)),
    ...oneOf('professionalIds', list('professionalIds', filter?.professionalIds, limits)),
  };
}

/** Limits a range to instants at least this old. */
function notAfter(olderThanMs: number, { from, until }: DateRange = {}): DateRange {
  const then = new Date(Date.now() - olderThanMs);
  if (!isStorableInstant(then)) {
    throw new EventlineError('BAD_USER_INPUT', 'filter.olderThan: this lies before the year 1.');
  }
  return { from, until: until && until < then ? until : then };
}

function idsOf(ids: Optional<readonly (string | number)[]>, limits: FilterLimits) {
  return list('userIds', ids, limits)?.map(String);
}

function oneOf(name: string, values: readonly (string | number)[] | undefined): Query {
  return values ? { [name]: isOneOf(values) } : {};
}
