import type { GraphQLSchema } from 'graphql';
import { boundNestedItems } from './bound-nested-items.ts';
import { builder } from './builder.ts';
import { completeInTurns } from './complete-in-turns.ts';
import { weighFields } from './complexity.ts';
import './mutations/erase-user.ts';
import { describeNodeIds } from './relay-options.ts';
import './types/event-types.ts';
import './queries/event-by-id.ts';
import './types/event-connection.ts';
import './subscriptions/event-subscription.ts';
import './subscriptions/event-feed.ts';
import './types/duration.ts';
import './types/user.ts';
import './types/installation.ts';
import './types/message.ts';
import './types/event-links.ts';
import './queries/lists.ts';
import './queries/users-by-contact.ts';
import './queries/count-events.ts';
import './queries/read-delays.ts';
import './queries/first-logins.ts';
import './types/event-type-stats.ts';
import './queries/quarantine.ts';
import './mutations/retry-quarantined.ts';
import './queries/head.ts';
import './queries/health.ts';
import './queries/malformed-events.ts';

builder.queryType({
  description: 'Queries of stored data. Every operation needs a token.',
  authScopes: { reader: true },
});
builder.mutationType({
  description: 'Changes of stored data; they need the scope `events:admin`.',
  authScopes: { admin: true },
});
builder.subscriptionType({
  description: 'Events from now on, or after a cursor.',
  authScopes: { reader: true },
});

/** The complete schema; `schema.graphql` is printed from it. */
export const schema: GraphQLSchema = weighFields(
  // In the order of declaration, which keeps related types together.
  completeInTurns(boundNestedItems(describeNodeIds(builder.toSchema({ sortSchema: false })))),
);
