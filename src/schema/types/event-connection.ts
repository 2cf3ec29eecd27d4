import { narrow } from '../../auth/viewer.ts';
import type { Filter } from '../../log/read/filter.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { EventFilter, FILTER_ARGUMENT, toFilter } from '../inputs/event-filter.ts';
import { PAGE_NOTE, type PageArguments, readPage } from '../queries/page.ts';
import { readWithin, sizeOfEvents } from '../queries/read-within.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';
import { EventInterface } from './event-interface.ts';
import { countedIf, totalCountField } from './total-count.ts';

export const EventEdge = builder.edgeObject({
  type: EventInterface,
  name: 'EventEdge',
  description: 'An event in a page, with its cursor.',
});

export const EventConnection = builder.connectionObject(
  {
    type: EventInterface,
    name: 'EventConnection',
    description:
      'A page of events. Example: `events(last: 10) { edges { node { typeName } } pageInfo { hasPreviousPage } }`.',
    fields: (f) => ({
      reached: f.string({
        description: withExample(
          'The cursor up to which the log was searched. Pass it as `after`, here or to a subscription, to continue after this page, even if nothing matched.',
          CURSOR_EXAMPLE,
        ),
        resolve: (page) => (page as unknown as { reached: string }).reached,
      }),
      totalCount: f.field(
        totalCountField(
          "Null with a filter, for the events of one user or installation, and for a token that sees one user's events, where a scan would be needed; `eventCounts` counts such events.",
        ),
      ),
    }),
  },
  EventEdge,
);

/** Arguments of every connection of events, beside Relay's. */
export const eventsArguments = builder.args((t) => ({
  filter: t.field({ type: EventFilter, description: FILTER_ARGUMENT }),
}));

builder.queryField('events', (t) =>
  t.connection(
    {
      type: EventInterface,
      description: `Stored events in log order, ${PAGE_NOTE}`,
      args: eventsArguments,
      async resolve(_, { filter, ...page }, context) {
        const visible = narrow(context.viewer, toFilter(filter, context.limits));
        const isAll = Object.values(visible).every((condition) => condition === undefined);
        const events = await readEvents(context, visible, page);
        return countedIf(isAll, events, context.log.statistics.total);
      },
    },
    EventConnection,
    EventEdge,
  ),
);

async function readEvents(context: GraphqlContext, filter: Filter, page: PageArguments) {
  const { log } = context;
  let isPage = page.after != null;
  const { items, ...rest } = await readPage(context, page, {
    place: log.positionOf,
    async read(span, limit, direction) {
      const { events, from, reached } = await readWithin(
        context,
        (maxBytes) =>
          log.reader.read(span, { filter, limit, direction, maxBytes, isPublished: true }),
        (result) => sizeOfEvents(result.events),
      );
      // Events after the cursor were removed since it was checked, so the page would be incomplete.
      if (isPage && from > span.after) throw log.expired(from);
      // Further reads only determine whether there is another page.
      isPage = false;
      const isDone =
        direction === 'forward' ? reached >= span.upTo : reached <= Math.max(span.after, from);
      return { items: events, isCut: events.length < limit && !isDone };
    },
  });
  return { ...rest, edges: items.map(({ cursor, item }) => ({ cursor, node: item })) };
}
