import type { StoredEvent } from '../../catalog/event.ts';
import type { CaughtUp, FeedItem } from '../../feed/source.ts';
import { builder } from '../builder.ts';
import { EventInterface } from '../types/event-interface.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';
import { pure, shareable } from './analyze-sharing.ts';
import { followArguments, openFollowing, resolveItem } from './event-subscription.ts';

const FeedItemInterface = builder.interfaceRef<FeedItem>('FeedItem');

FeedItemInterface.implement({
  description:
    'An item of `eventFeed`: an event, or the mark that all stored events were delivered. Keep the `cursor` of the last item of either kind. Example: `eventFeed { cursor ... on FeedEvent { event { typeName } } }`.',
  resolveType: (item) => ('caughtUpAt' in item ? 'FeedCaughtUp' : 'FeedEvent'),
  fields: (t) => ({
    cursor: t.string({
      ...pure,
      description: withExample(
        'The position up to which the log was read; pass it as `after` when you reconnect.',
        CURSOR_EXAMPLE,
      ),
      resolve: (item, _, { log }) =>
        log.cursors.encode('caughtUpAt' in item ? item.caughtUpAt : item.position),
    }),
  }),
});

builder.objectType(builder.objectRef<StoredEvent>('FeedEvent'), {
  description: 'A matching event, in log order, each once.',
  interfaces: [FeedItemInterface],
  fields: (t) => ({
    event: t.field({
      ...pure,
      type: EventInterface,
      description: 'The event; its `cursor` equals that of the item.',
      resolve: (event) => event,
    }),
  }),
});

builder.objectType(builder.objectRef<CaughtUp>('FeedCaughtUp'), {
  description:
    'Marks the end of the replay: all stored events were delivered, and live events follow. Sent once per subscription, at once if there is nothing to replay, and not again when a slow subscription catches up later.',
  interfaces: [FeedItemInterface],
});

builder.subscriptionField('eventFeed', (t) =>
  t.field({
    ...shareable({ ignoreArgs: ['filter', 'after'] }),
    type: FeedItemInterface,
    description:
      'The same events as `events`, plus one `FeedCaughtUp` item between stored and live events, also when no stored event matched.',
    args: followArguments,
    subscribe: (_, args, context, info) => openFollowing(args, context, info, context.feed.follow),
    resolve: (item, _, context) => resolveItem(item, context),
  }),
);
