import { narrow } from '../auth/viewer.ts';
import { EventlineError } from '../errors.ts';
import { type Delays, percentileOf } from '../log/statistics/delays.ts';
import type { FirstLoginRow } from '../log/statistics/first-logins.ts';
import type { ReadDelayRow } from '../log/statistics/read-delays.ts';
import { builder } from './builder.ts';
import { COSTLY } from './complexity.ts';
import { calendar, timeZoneArgument } from './count-events.ts';
import { DateTimeRange, list, range } from './event-filter.ts';
import { withExample } from './with-example.ts';

const percentileArgs = builder.args((t) => ({
  percent: t.float({
    required: true,
    description: withExample(
      'So many of a hundred took no longer (nearest rank). Unit: percent, above 0, up to 100.',
      95,
    ),
  }),
}));

/** @throws EventlineError BAD_USER_INPUT */
function percentile(delays: Delays, percent: number): number | null {
  if (!(percent > 0 && percent <= 100)) {
    throw new EventlineError(
      'BAD_USER_INPUT',
      `percent: expected above 0, up to 100, not ${percent}.`,
    );
  }
  return percentileOf(delays, percent);
}

const ReadDelayDimension = builder.enumType('ReadDelayDimension', {
  description: 'What messages can be told apart by.',
  values: {
    SPECIALITY: { description: 'The medical speciality that was written to.' },
    PROFESSIONAL: { description: 'The professional.' },
  } as const,
});

const ReadDelayFilter = builder.inputType('ReadDelayFilter', {
  description:
    'Which messages are meant, by their sending: those for which every given field holds. An absent field (or null) wants all, an empty list none. Example: `{ specialities: ["work"] }`.',
  fields: (t) => ({
    userIds: t.idList({
      description: withExample("Of one of these users (the sender's identifiers).", ['32402404G']),
    }),
    specialities: t.stringList({
      description: withExample('Of one of these medical specialities, letter by letter.', ['work']),
    }),
    professionalIds: t.field({
      type: ['SafeInt'],
      description: withExample('Of one of these professionals.', [5]),
    }),
    sentOn: t.field({
      type: DateTimeRange,
      description: withExample("Sent in this span, by the sender's instant.", {
        from: '2026-01-01T00:00:00Z',
      }),
    }),
  }),
});

const ReadDelayRef = builder.objectRef<ReadDelayRow>('ReadDelay').implement({
  description:
    'How long messages waited until they were read. Example: `{ speciality: "work", sent: 40, read: 31 }`.',
  fields: (t) => ({
    speciality: t.exposeString('speciality', {
      nullable: true,
      description: withExample('The medical speciality; null where it was not asked for.', 'work'),
    }),
    professionalId: t.expose('professionalId', {
      type: 'SafeInt',
      nullable: true,
      description: withExample('The professional; null where it was not asked for.', 5),
    }),
    sent: t.expose('sent', {
      type: 'SafeInt',
      description: withExample('How many were sent.', 40),
    }),
    read: t.expose('read', {
      type: 'SafeInt',
      description: withExample('How many of these were read.', 31),
    }),
    percentile: t.field({
      type: 'Duration',
      nullable: true,
      args: percentileArgs,
      description: withExample(
        'How long those that were read waited at most, but for the slowest; within 0.5 %. Null when none was read.',
        'PT93.5S',
      ),
      resolve: ({ delays }, { percent }) => percentile(delays, percent),
    }),
  }),
});

const FirstLoginDimension = builder.enumType('InstallationDimension', {
  description: 'What created installations can be told apart by.',
  values: {
    DAY: { description: "The day of the creation, by the sender's instant in `timeZone`." },
    WEEK: { description: 'The week of it (ISO 8601, from Monday on).' },
    MONTH: { description: 'The month of it.' },
    OS: { description: 'The operating system.' },
    COUNTRY: { description: 'The country.' },
  } as const,
});

const FirstLoginRef = builder.objectRef<FirstLoginRow>('FirstLogins').implement({
  description:
    'How many installations came to a login. Example: `{ osName: "ios", installations: 40, loggedIn: 31, share: 0.775 }`.',
  fields: (t) => ({
    ...Object.fromEntries(
      calendar.map(({ field, dimension, what, example }) => [
        field,
        t.field({
          type: 'LocalDate',
          nullable: true,
          description: withExample(`${what}; null where it was not asked for.`, example),
          resolve: ({ keys }: FirstLoginRow) => keys[dimension] ?? null,
        }),
      ]),
    ),
    osName: t.string({
      nullable: true,
      description: withExample('The operating system; null where it was not asked for.', 'ios'),
      resolve: ({ keys }) => keys.OS ?? null,
    }),
    countryCode: t.string({
      nullable: true,
      description: withExample(
        'The code of the country; null where it is not known or was not asked for.',
        'es',
      ),
      resolve: ({ keys }) => keys.COUNTRY ?? null,
    }),
    installations: t.expose('installations', {
      type: 'SafeInt',
      description: withExample('How many were created.', 40),
    }),
    loggedIn: t.expose('loggedIn', {
      type: 'SafeInt',
      description: withExample('On how many of these somebody has logged in.', 31),
    }),
    share: t.float({
      description: withExample('The share of these, from 0 to 1.', 0.775),
      resolve: ({ installations, loggedIn }) => loggedIn / installations,
    }),
    percentile: t.field({
      type: 'Duration',
      nullable: true,
      args: percentileArgs,
      description: withExample(
        "How long it took at most from the creation to the first login, but for the slowest; within 0.5 %. A login that occurred before the creation, by the sender's clocks, took no time. Null when there was none.",
        'PT31S',
      ),
      resolve: ({ delays }, { percent }) => percentile(delays, percent),
    }),
  }),
});

builder.queryFields((t) => ({
  readDelays: t.field({
    type: [ReadDelayRef],
    extensions: COSTLY,
    description:
      "How long messages wait until they are read: from the first event that tells of the sending to the first of the reading, by the sender's instants. In the order of speciality and professional; without `by` one row at most. A token for one user sees their own messages.",
    args: {
      filter: t.arg({
        type: ReadDelayFilter,
        description: 'Which messages; without it all. Example: `{ specialities: ["work"] }`.',
      }),
      by: t.arg({
        type: [ReadDelayDimension],
        defaultValue: [],
        description: 'What the messages of a row have in common. Example: `[SPECIALITY]`.',
      }),
    },
    async resolve(_, { filter, by }, { viewer, log, limits }) {
      const { userIds } = narrow(viewer, {
        userIds: list('userIds', filter?.userIds, limits)?.map(String),
      });
      const sentOn = range('sentOn', filter?.sentOn);
      const { result } = await log.statistics.readDelays({
        filter: {
          ...(userIds && { userIds }),
          specialities: list('specialities', filter?.specialities, limits),
          professionalIds: list('professionalIds', filter?.professionalIds, limits),
          ...(sentOn && { sentOn }),
        },
        by: [...new Set(by ?? [])],
        limits,
      });
      return result;
    },
  }),
  firstLogins: t.field({
    type: [FirstLoginRef],
    extensions: COSTLY,
    description:
      'The step from an installation to the first login on it, of a user who is new or known. Created installations are about no user, so who sees only their own events sees none.',
    args: {
      createdOn: t.arg({
        type: DateTimeRange,
        description: withExample("Created in this span, by the sender's instant; without it all.", {
          from: '2026-01-01T00:00:00Z',
        }),
      }),
      by: t.arg({
        type: [FirstLoginDimension],
        defaultValue: [],
        description: 'What the installations of a row have in common. Example: `[OS, COUNTRY]`.',
      }),
      timeZone: t.arg.string(timeZoneArgument),
    },
    async resolve(_, { createdOn, by, timeZone }, { viewer, log, limits }) {
      const { userIds } = narrow(viewer, {});
      const { result } = await log.statistics.firstLogins({
        filter: { ...(userIds && { userIds }) },
        createdOn: range('createdOn', createdOn),
        by: [...new Set(by ?? [])],
        timeZone: timeZone ?? timeZoneArgument.defaultValue,
        limits,
      });
      return result;
    },
  }),
}));
