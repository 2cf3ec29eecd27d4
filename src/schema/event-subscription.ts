import { RequestCache } from '@pothos/plugin-scope-auth';
import { narrow } from '../auth/viewer.ts';
import { withinBudget } from '../feed/within-budget.ts';
import { builder } from './builder.ts';
import { EventFilter, toFilter } from './event-filter.ts';
import { EventInterface } from './event-interface.ts';
import { pureBut } from './find-sharing.ts';

builder.subscriptionField('events', (t) =>
  t.field({
    ...pureBut('filter', 'after'),
    type: EventInterface,
    description:
      'The events as they come in, in the order of the log, each once. With `after` it first gives all that lie behind that cursor, then goes on live without a gap: keep the `cursor` of the last event and give it when you connect again.',
    args: {
      filter: t.arg({ type: EventFilter, description: 'Which events; all that you may see.' }),
      after: t.arg.string({
        description: 'The `cursor` of the last event you have seen. Without it: from now on.',
      }),
    },
    subscribe: async (_, { filter, after }, context) => {
      const { viewer, log, feed, limits, budget } = context;
      // What the plugin was asked to let it in is not needed while it waits for events.
      RequestCache.clearForContext(context);
      const wanted = narrow(viewer, toFilter(filter, limits));
      const start = after == null ? log.follower.head() : await log.positionOf(after);
      const events = feed.subscribe(wanted, start);
      return budget ? withinBudget(events, budget) : events;
    },
    resolve(event, _, context) {
      // The context lives as long as the subscription, and what the plugin keeps in it holds events.
      RequestCache.clearForContext(context);
      return event;
    },
  }),
);
