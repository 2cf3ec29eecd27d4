import type { StoredEvent } from '../../catalog/event.ts';
import type { CaughtUp, FeedItem } from '../../feed/feed.ts';
import { builder } from '../builder.ts';
import { EventInterface } from '../types/event-interface.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';
import { pure, shareable } from './analyze-sharing.ts';
import { followArguments, openFollowing, passOn } from './event-subscription.ts';

const FeedItemInterface = builder.interfaceRef<FeedItem>('FeedItem');

FeedItemInterface.implement({
  description:
    'What `eventFeed` gives: an event, or word that all before it was given. Keep the `cursor` of the last one, of whatever kind. Example: `eventFeed { cursor ... on FeedEvent { event { typeName } } }`.',
  resolveType: (item) => ('caughtUpAt' in item ? 'FeedCaughtUp' : 'FeedEvent'),
  fields: (t) => ({
    cursor: t.string({
      ...pure,
      description: withExample(
        'How far the log has been looked through, for `after` when you connect again.',
        CURSOR_EXAMPLE,
      ),
      resolve: (item, _, { log }) =>
        log.cursors.encode('caughtUpAt' in item ? item.caughtUpAt : item.position),
    }),
  }),
});

builder.objectType(builder.objectRef<StoredEvent>('FeedEvent'), {
  description: 'An event that matches, in the order of the log, each once.',
  interfaces: [FeedItemInterface],
  fields: (t) => ({
    event: t.field({
      ...pure,
      type: EventInterface,
      description: 'The event; its `cursor` is the same as the one beside it.',
      resolve: (event) => event,
    }),
  }),
});

builder.objectType(builder.objectRef<CaughtUp>('FeedCaughtUp'), {
  description:
    'All that was stored has been given, and what follows comes as it happens: a view is complete and may be shown. It comes once in a subscription: at once, if nothing lies behind `after` or none was given. One that falls behind later is not told when it has caught up again.',
  interfaces: [FeedItemInterface],
});

builder.subscriptionField('eventFeed', (t) =>
  t.field({
    ...shareable({ ignoreArgs: ['filter', 'after'] }),
    type: FeedItemInterface,
    description:
      'The same as `events`, for whoever builds a view: it also says when what was stored ends and what is live begins, and gives a cursor then, also where nothing has matched.',
    args: followArguments,
    subscribe: (_, args, context) => openFollowing(args, context, context.feed.follow),
    resolve: (item, _, context) => passOn(item, context),
  }),
);
