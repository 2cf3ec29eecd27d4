import { maySee } from '../../auth/viewer.ts';
import { statusName } from '../../catalog/user-status.ts';
import { HISTORY_EVENTS, type StatusPeriod } from '../../projections/user-status.ts';
import { builder } from '../builder.ts';
import { READS } from '../complexity.ts';
import type { GraphqlContext } from '../context.ts';
import { TypeCount } from '../queries/event-counts.ts';
import { loadersOf } from '../queries/loaders.ts';
import { readEventsOf } from '../queries/nested-pages.ts';
import { PAGE_NOTE } from '../queries/page.ts';
import { pure } from '../subscriptions/analyze-sharing.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';
import { EventConnection, EventEdge, eventsArguments } from './event-connection.ts';
import { EventInterface } from './event-interface.ts';
import { UserNode, UserRef } from './nodes.ts';
import { UserStatusEnum } from './user-status.ts';

const USER_EXAMPLE = '32402404G';
const INSTANT = '2021-09-14T15:55:12.642Z';

const StatusPeriodType = builder.objectRef<StatusPeriod>('StatusPeriod').implement({
  description: 'A time in which a user had one plan, as their logins and changes of plan tell.',
  fields: (t) => ({
    status: t.field({
      type: UserStatusEnum,
      description: 'The plan.',
      resolve: ({ code }) => statusName(code),
    }),
    statusCode: t.field({
      type: 'SafeInt',
      description: withExample('The integer as sent: 0 free, 2 premium, 4 freemium.', 2),
      resolve: ({ code }) => code,
    }),
    since: t.field({
      type: 'DateTime',
      description: withExample(
        'When the first event occurred that told of it. It lasts until the next period begins.',
        INSTANT,
      ),
      resolve: ({ occurredOn }) => occurredOn,
    }),
    cursor: t.string({
      description: withExample('The place of that event in the log.', CURSOR_EXAMPLE),
      resolve: ({ position }, _, { log }) => log.cursors.encode(position),
    }),
  }),
});

/**
 * Returns users by their ids, null for one without an event that the viewer may see. Users outside
 * the viewer's rights are not even queried, so they behave like missing ones.
 */
export async function findUsers(
  ids: readonly string[],
  context: GraphqlContext,
): Promise<(UserNode | null)[]> {
  const mine = ids.filter((userId) => maySee(context.viewer, { userId }));
  const span = { after: 0, upTo: context.log.follower.head() };
  const loader = loadersOf(context).events('userId', {}, { span, limit: 1, direction: 'backward' });
  const found = new Map<string, boolean>();
  await Promise.all(mine.map(async (id) => found.set(id, (await loader.load(id)).length > 0)));
  return ids.map((id) => (found.get(id) ? new UserNode(id) : null));
}

const activityOf = ({ userId }: UserNode, context: GraphqlContext) =>
  loadersOf(context).userActivity.load(userId);
const plansOf = ({ userId }: UserNode, context: GraphqlContext) =>
  loadersOf(context).plans.load(userId);
const presentOf = async (user: UserNode, context: GraphqlContext) =>
  (await plansOf(user, context))?.periods.at(-1);

builder.node(UserRef, {
  description:
    'A user, as the events that the log holds tell of them. Example: `user(id: "32402404G") { status lastSeen }`.',
  id: {
    ...pure,
    description: withExample('Names this user for ever.', 'VXNlcjozMjQwMjQwNEc='),
    resolve: ({ userId }) => userId,
  },
  isTypeOf: (node) => node instanceof UserNode,
  authScopes: (user, { viewer }: GraphqlContext) => maySee(viewer, user),
  runScopesOnType: true,
  loadMany: (ids: string[], context) => findUsers(ids, context),
  fields: (t) => ({
    userId: t.exposeID('userId', {
      description: withExample("The sender's identifier of the user.", USER_EXAMPLE),
    }),
    firstSeen: t.field({
      type: 'DateTime',
      nullable: true,
      extensions: READS,
      description: withExample(
        "When the earliest event occurred, by the sender's instants.",
        INSTANT,
      ),
      resolve: async (user, _, context) => (await activityOf(user, context))?.firstSeen,
    }),
    lastSeen: t.field({
      type: 'DateTime',
      nullable: true,
      extensions: READS,
      description: withExample(
        "When the latest event occurred, by the sender's instants.",
        INSTANT,
      ),
      resolve: async (user, _, context) => (await activityOf(user, context))?.lastSeen,
    }),
    status: t.field({
      type: UserStatusEnum,
      nullable: true,
      extensions: READS,
      description:
        'The present plan: what the login or change of plan tells that occurred last, whenever it came in; null while none has told.',
      resolve: async (user, _, context) => {
        const present = await presentOf(user, context);
        return present && statusName(present.code);
      },
    }),
    statusCode: t.field({
      type: 'SafeInt',
      nullable: true,
      extensions: READS,
      description: withExample('The same, as the integer that was sent.', 2),
      resolve: async (user, _, context) => (await presentOf(user, context))?.code,
    }),
    statusHistory: t.field({
      type: [StatusPeriodType],
      extensions: READS,
      description: `The plans that the user had, in the order in which they occurred, the present one last. It is made of the user's latest ${HISTORY_EVENTS} logins and changes of plan.`,
      resolve: async (user, _, context) => [...((await plansOf(user, context))?.periods ?? [])],
    }),
    coverageName: t.string({
      nullable: true,
      extensions: READS,
      description: withExample(
        'The plan, group or contract by which the sender groups users, as the latest first login has it; null while none has told, and when it says nothing.',
        'collective 1',
      ),
      resolve: async (user, _, context) => (await plansOf(user, context))?.coverage,
    }),
    eventCounts: t.field({
      type: [TypeCount],
      extensions: READS,
      description:
        'How many events of each type there are of the user, the most frequent type first.',
      resolve: async (user, _, context) => (await activityOf(user, context))?.counts ?? [],
    }),
    events: t.connection(
      {
        type: EventInterface,
        description: `The user's events in the order of the log, ${PAGE_NOTE}`,
        args: eventsArguments,
        resolve: ({ userId }, args, context) => readEventsOf('userId', userId, args, context),
      },
      EventConnection,
      EventEdge,
    ),
  }),
});

builder.queryField('user', (t) =>
  t.field({
    type: UserRef,
    nullable: true,
    description: 'One user; null when there is no event of them that you may see.',
    args: {
      id: t.arg.id({
        required: true,
        description: withExample("The sender's identifier of the user.", USER_EXAMPLE),
      }),
    },
    resolve: async (_, { id }, context) => (await findUsers([String(id)], context))[0] ?? null,
  }),
);
