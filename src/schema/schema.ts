import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import { weighFields } from './complexity.ts';
import './erase-user.ts';
import { describeNodeIds } from './relay-options.ts';
import './event-types.ts';
import './event-by-id.ts';
import './event-connection.ts';
import './event-subscription.ts';
import './event-feed.ts';
import './duration.ts';
import './user.ts';
import './installation.ts';
import './message.ts';
import './event-links.ts';
import './lists.ts';
import './count-events.ts';
import './read-delays.ts';
import './first-logins.ts';
import './arrivals.ts';
import './quarantine.ts';
import './retry-quarantined.ts';
import './head.ts';

builder.queryType({
  description: 'What is stored. Every operation needs a token.',
  authScopes: { reader: true },
});
builder.mutationType({
  description: 'What changes what is stored; needs the scope `events:admin`.',
  authScopes: { admin: true },
});
builder.subscriptionType({
  description: 'What happens from now on, or from a cursor on.',
  authScopes: { reader: true },
});

/** The whole schema; `schema.graphql` is printed from it. */
export const schema: GraphQLSchema = weighFields(
  // As declared: what belongs together stands together.
  describeNodeIds(builder.toSchema({ sortSchema: false })),
);
