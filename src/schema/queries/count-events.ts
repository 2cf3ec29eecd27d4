import { narrow } from '../../auth/viewer.ts';
import { limitTable } from '../../config/limits.ts';
import type { CountRow, Subject } from '../../statistics/count-events.ts';
import { type Dimension, dimensionNames } from '../../statistics/dimensions.ts';
import { builder } from '../builder.ts';
import { COSTLY } from '../complexity.ts';
import { EventFilter, FILTER_ARGUMENT, toFilter } from '../inputs/event-filter.ts';
import { OCCURRED, timeZoneArgument } from '../types/calendar.ts';
import { EventCountRef } from '../types/event-count.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';
import { isFieldSelected } from './is-field-selected.ts';
import { holdResult } from './read-within.ts';

const dimensions: Record<Dimension, string> = {
  MINUTE: `The minute, ${OCCURRED}. Each minute is a row, so limit the range with the filter or \`after\`.`,
  HOUR: `The hour, ${OCCURRED}. When the clock is set back, the repeated hour counts as two.`,
  DAY: `The day, ${OCCURRED}. It has 23 or 25 hours when the clock changes.`,
  WEEK: `The week (ISO 8601, from Monday on), ${OCCURRED}.`,
  MONTH: `The month, ${OCCURRED}.`,
  TYPE: 'The type of the event.',
  TYPE_NAME: "The sender's name of the type, which distinguishes unknown types.",
  SPECIALITY: 'The speciality of messages; other events have none.',
  PROFESSIONAL: 'The professional of messages; other events have none.',
  STATUS: 'The plan after a login or a change of plan; other events have none.',
  OS: 'The operating system of a created installation; other events have none.',
  COUNTRY: 'The country of a created installation; other events have none.',
};

const EventDimension = builder.enumType('EventDimension', {
  description: 'Dimensions for counting events.',
  values: Object.fromEntries(
    dimensionNames.map((name) => [name, { description: dimensions[name] }]),
  ) as Record<Dimension, { description: string }>,
});

interface Counts {
  reached: number;
  rows: CountRow[];
}

const EventCountsRef = builder.objectRef<Counts>('EventCounts').implement({
  description:
    'Counts of events at one moment of the log. Example: `eventCounts(by: [TYPE]) { rows { type count } }`.',
  fields: (t) => ({
    reached: t.string({
      description: withExample(
        'The cursor up to which events were counted. Pass it as `after`, here or to a subscription, to continue.',
        CURSOR_EXAMPLE,
      ),
      resolve: ({ reached }, _, { log }) => log.cursors.encode(reached),
    }),
    rows: t.field({
      type: [EventCountRef],
      description:
        'Sorted by the dimensions in the order of `by`, null last. Combinations without events have no row. Without `by` there is exactly one row.',
      resolve: ({ rows }) => rows,
    }),
  }),
});

builder.queryField('eventCounts', (t) =>
  t.field({
    type: EventCountsRef,
    extensions: COSTLY,
    description: `Counts the matching events that you may see. Time is ${OCCURRED}. More than ${limitTable.maxBuckets.byDefault} rows are refused (a limit of the server).`,
    args: {
      filter: t.arg({ type: EventFilter, description: FILTER_ARGUMENT }),
      by: t.arg({
        type: [EventDimension],
        defaultValue: [],
        description: 'The dimensions that define a row. Example: `[DAY, TYPE]`.',
      }),
      timeZone: t.arg.string(timeZoneArgument),
      after: t.arg.string({
        description: withExample(
          'Only events after this cursor; all stored events when omitted.',
          CURSOR_EXAMPLE,
        ),
      }),
    },
    async resolve(_, { filter, by, timeZone, after }, context, info) {
      const { viewer, log, limits } = context;
      const visible = narrow(viewer, toFilter(filter, limits));
      const position = after == null ? undefined : await log.positionOf(after);
      const isSelected = (name: string) => isFieldSelected(info, ['rows', name]);
      const { span, result } = await log.statistics.counts({
        filter: visible,
        by: [...new Set(by ?? [])],
        timeZone: timeZone ?? timeZoneArgument.defaultValue,
        distinct: new Set<Subject>([
          ...(isSelected('users') ? (['userId'] as const) : []),
          ...(isSelected('installations') ? (['installationId'] as const) : []),
        ]),
        after: position,
        limits,
        viewer: context.memory?.viewer,
      });
      // Events after the cursor were removed since it was checked, so the count would be
      // incomplete.
      if (position !== undefined && span.after > position) throw log.expired(span.after);
      return { reached: span.upTo, rows: await holdResult(context, result) };
    },
  }),
);
