import { narrow } from '../../auth/viewer.ts';
import type { ReadDelayRow } from '../../statistics/read-delays.ts';
import { builder } from '../builder.ts';
import { COSTLY } from '../complexity.ts';
import { DateTimeRange, list, range } from '../inputs/event-filter.ts';
import { percentile, percentileArgs } from '../types/percentile.ts';
import { withExample } from '../with-example.ts';
import { holdResult } from './read-within.ts';

const ReadDelayDimension = builder.enumType('ReadDelayDimension', {
  description: 'Dimensions for measuring read delays.',
  values: {
    SPECIALITY: { description: 'The speciality of the message.' },
    PROFESSIONAL: { description: 'The professional.' },
  } as const,
});

const ReadDelayFilter = builder.inputType('ReadDelayFilter', {
  description:
    'Selects messages by their `message_sent` event; they must match every given field. An omitted (or null) field matches everything; an empty list matches nothing. Example: `{ specialities: ["work"] }`.',
  fields: (t) => ({
    userIds: t.idList({
      description: withExample("Of one of these users (the sender's ids, compared exactly).", [
        '32402404G',
      ]),
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
      description: withExample("Range of the sender's instant of the first `message_sent` event.", {
        from: '2026-01-01T00:00:00Z',
      }),
    }),
  }),
});

const ReadDelayRef = builder.objectRef<ReadDelayRow>('ReadDelay').implement({
  description:
    'How long messages waited to be read. Example: `{ speciality: "work", sent: 40, read: 31 }`.',
  fields: (t) => ({
    speciality: t.exposeString('speciality', {
      nullable: true,
      description: withExample('The speciality; null unless requested.', 'work'),
    }),
    professionalId: t.expose('professionalId', {
      type: 'SafeInt',
      nullable: true,
      description: withExample('The professional; null unless requested.', 5),
    }),
    sent: t.expose('sent', {
      type: 'SafeInt',
      description: withExample('Number of messages sent.', 40),
    }),
    read: t.expose('read', {
      type: 'SafeInt',
      description: withExample('Number of these that were read.', 31),
    }),
    percentile: t.field({
      type: 'Duration',
      nullable: true,
      args: percentileArgs,
      description: withExample(
        'Percentile of the read delay, with a relative error of at most 0.5 %. Null if none was read.',
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
      "How long messages wait until they are read: from the first `message_sent` to the first `message_read`, by the sender's instants. Rows are sorted by speciality, then professional. Without `by` there is at most one row. A token for one user sees their own messages.",
    args: {
      filter: t.arg({
        type: ReadDelayFilter,
        description: 'Selects messages; all when omitted. Example: `{ specialities: ["work"] }`.',
      }),
      by: t.arg({
        type: [ReadDelayDimension],
        defaultValue: [],
        description: 'The dimensions that define a row. Example: `[SPECIALITY]`.',
      }),
    },
    async resolve(_, { filter, by }, context) {
      const { viewer, log, limits } = context;
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
        viewer: context.memory?.viewer,
      });
      return holdResult(context, result);
    },
  }),
}));
