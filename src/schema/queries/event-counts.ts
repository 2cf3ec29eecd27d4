import type { Activity } from '../../projections/activity.ts';
import { builder } from '../builder.ts';
import { EventTypeEnum } from '../types/event-interface.ts';
import { withExample } from '../with-example.ts';

/** Number of events of a type that belong to the parent. */
export const TypeCount = builder.objectRef<Activity['counts'][number]>('EventTypeCount').implement({
  description: 'Number of events of one type for a user or an installation.',
  fields: (t) => ({
    type: t.field({
      type: EventTypeEnum,
      description: 'The type; UNKNOWN sums all types that this version does not know.',
      resolve: ({ type }) => type,
    }),
    count: t.exposeInt('count', {
      description: withExample('Number of stored events.', 12),
    }),
    firstOn: t.field({
      type: 'DateTime',
      description: withExample(
        "When the earliest of them happened, by the sender's instants.",
        '2021-09-14T15:55:12.642Z',
      ),
      resolve: ({ firstOn }) => firstOn,
    }),
    lastOn: t.field({
      type: 'DateTime',
      description: withExample(
        "When the latest of them happened, by the sender's instants.",
        '2021-10-01T08:00:00.000Z',
      ),
      resolve: ({ lastOn }) => lastOn,
    }),
  }),
});
