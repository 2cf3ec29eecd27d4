import { RequestCache } from '@pothos/plugin-scope-auth';
import type { GraphQLResolveInfo } from 'graphql';
import { narrow } from '../../auth/viewer.ts';
import type { EventIterator } from '../../feed/event-iterator.ts';
import type { FeedConsumer } from '../../feed/feed.ts';
import type { FeedItem } from '../../feed/source.ts';
import type { Filter } from '../../log/read/filter.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { EventFilter, FILTER_ARGUMENT, toFilter } from '../inputs/event-filter.ts';
import { forgetLoaded } from '../queries/loaders.ts';
import { EventInterface } from '../types/event-interface.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';
import { shareable } from './analyze-sharing.ts';
import { refuseHiddenFields } from './refuse-hidden-fields.ts';

interface Arguments {
  filter?: typeof EventFilter.$inferInput | null | undefined;
  after?: string | null | undefined;
}

/** Arguments of every subscription to events. */
export const followArguments = builder.args((t) => ({
  filter: t.field({ type: EventFilter, description: FILTER_ARGUMENT }),
  after: t.string({
    description: withExample(
      'The `cursor` of the last event or item that you processed; from now on when omitted.',
      CURSOR_EXAMPLE,
    ),
  }),
}));

/**
 * Opens a subscription, narrowed to what its viewer may see, at the requested cursor.
 *
 * @param open opens it for the narrowed filter
 * @throws EventlineError FORBIDDEN, BAD_USER_INPUT, CURSOR_INVALID or CURSOR_EXPIRED
 */
export async function openFollowing<Item extends FeedItem>(
  { filter, after }: Arguments,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  open: (filter: Filter, after: number, consumer: FeedConsumer) => EventIterator<Item>,
): Promise<EventIterator<Item>> {
  const { viewer, log, limits, budget, memory } = context;
  // The plugin's cache for the authorisation is not needed while the subscription waits.
  RequestCache.clearForContext(context);
  const visible = narrow(viewer, toFilter(filter, limits));
  refuseHiddenFields(viewer, visible, info);
  const start = after == null ? log.tailer.head() : await log.positionOf(after);
  return open(visible, start, { viewer: memory?.viewer, budget });
}

/**
 * Passes one item to execution. The context lives as long as the subscription, so the plugin's
 * cache, which holds events, and loaded values are discarded for each item.
 */
export function resolveItem<Item>(item: Item, context: GraphqlContext): Item {
  RequestCache.clearForContext(context);
  forgetLoaded(context);
  return item;
}

builder.subscriptionField('events', (t) =>
  t.field({
    ...shareable({ ignoreArgs: ['filter', 'after'] }),
    type: EventInterface,
    description:
      'Live events in log order, each once. With `after` it first delivers all events after that cursor and then continues live, without a gap. Keep the `cursor` of the last event and pass it when you reconnect. `eventFeed` also marks when it is live.',
    args: followArguments,
    subscribe: (_, args, context, info) =>
      openFollowing(args, context, info, context.feed.subscribe),
    resolve: (event, _, context) => resolveItem(event, context),
  }),
);
