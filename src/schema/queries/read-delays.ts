import { narrow } from '../../auth/viewer.ts';
import type { ReadDelayRow } from '../../statistics/read-delays.ts';
import { builder } from '../builder.ts';
import { COSTLY } from '../complexity.ts';
import { DateTimeRange, list, range } from '../inputs/event-filter.ts';
import { percentile, percentileArgs } from '../types/percentile.ts';
import { withExample } from '../with-example.ts';

const ReadDelayDimension = builder.enumType('ReadDelayDimension', {
  description: 'What messages can be told apart by.',
  values: {
    SPECIALITY: { description: 'The speciality that was written to.' },
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
      description: withExample('Of one of these specialities, letter by letter.', ['work']),
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
      description: withExample('The speciality; null where it was not asked for.', 'work'),
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
}));
