import { narrow } from '../../auth/viewer.ts';
import type { FirstLoginRow } from '../../statistics/first-logins.ts';
import { builder } from '../builder.ts';
import { COSTLY } from '../complexity.ts';
import { DateTimeRange, range } from '../inputs/event-filter.ts';
import { calendar, timeZoneArgument } from '../types/calendar.ts';
import { percentile, percentileArgs } from '../types/percentile.ts';
import { withExample } from '../with-example.ts';
import { holdResult } from './read-within.ts';

const FirstLoginDimension = builder.enumType('InstallationDimension', {
  description: 'Dimensions for counting created installations.',
  values: {
    DAY: { description: "The day of the creation, by the sender's instant in `timeZone`." },
    WEEK: { description: 'The week of creation (ISO 8601, starting on Monday).' },
    MONTH: { description: 'The month of creation.' },
    OS: { description: 'The operating system.' },
    COUNTRY: { description: 'The country.' },
  } as const,
});

const FirstLoginRef = builder.objectRef<FirstLoginRow>('FirstLogins').implement({
  description:
    'How many installations led to a login. Example: `{ osName: "ios", installations: 40, loggedIn: 31, share: 0.775 }`.',
  fields: (t) => ({
    ...Object.fromEntries(
      calendar.map(({ field, dimension, what, example }) => [
        field,
        t.field({
          type: 'LocalDate',
          nullable: true,
          description: withExample(`${what}; null unless requested.`, example),
          resolve: ({ keys }: FirstLoginRow) => keys[dimension] ?? null,
        }),
      ]),
    ),
    osName: t.string({
      nullable: true,
      description: withExample('The operating system; null unless requested.', 'ios'),
      resolve: ({ keys }) => keys.OS ?? null,
    }),
    countryCode: t.string({
      nullable: true,
      description: withExample('The code of the country; null if unknown or not requested.', 'es'),
      resolve: ({ keys }) => keys.COUNTRY ?? null,
    }),
    installations: t.expose('installations', {
      type: 'SafeInt',
      description: withExample('Number of created installations.', 40),
    }),
    loggedIn: t.expose('loggedIn', {
      type: 'SafeInt',
      description: withExample('Number of these with a login.', 31),
    }),
    share: t.float({
      description: withExample('Share of these with a login, from 0 to 1.', 0.775),
      resolve: ({ installations, loggedIn }) => loggedIn / installations,
    }),
    percentile: t.field({
      type: 'Duration',
      nullable: true,
      args: percentileArgs,
      description: withExample(
        "Percentile of the time from the creation to the first login, with a relative error of at most 0.5 %. A login before the creation, by the sender's clocks, counts as 0. Null if there was no login.",
        'PT31S',
      ),
      resolve: ({ delays }, { percent }) => percentile(delays, percent),
    }),
  }),
});

builder.queryFields((t) => ({
  firstLogins: t.field({
    type: [FirstLoginRef],
    extensions: COSTLY,
    description:
      'Conversion from installation to first login, and the time it took. A login by any user counts. Creation events have no user, so a viewer limited to their own events sees none.',
    args: {
      createdOn: t.arg({
        type: DateTimeRange,
        description: withExample(
          "Range of the sender's instant of the creation; all when omitted.",
          {
            from: '2026-01-01T00:00:00Z',
          },
        ),
      }),
      by: t.arg({
        type: [FirstLoginDimension],
        defaultValue: [],
        description: 'The dimensions that define a row. Example: `[OS, COUNTRY]`.',
      }),
      timeZone: t.arg.string(timeZoneArgument),
    },
    async resolve(_, { createdOn, by, timeZone }, context) {
      const { viewer, log, limits } = context;
      const { userIds } = narrow(viewer, {});
      const { result } = await log.statistics.firstLogins({
        filter: { ...(userIds && { userIds }) },
        createdOn: range('createdOn', createdOn),
        by: [...new Set(by ?? [])],
        timeZone: timeZone ?? timeZoneArgument.defaultValue,
        limits,
        viewer: context.memory?.viewer,
      });
      return holdResult(context, result);
    },
  }),
}));
