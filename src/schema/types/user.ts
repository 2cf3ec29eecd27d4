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
import { besideEvents, NEVER_NULL } from './beside-events.ts';
import { EventConnection, EventEdge, eventsArguments } from './event-connection.ts';
import { EventInterface } from './event-interface.ts';
import { UserNode, UserRef } from './nodes.ts';
import { UserStatusEnum } from './user-status.ts';

const USER_EXAMPLE = '32402404G';
const INSTANT = '2021-09-14T15:55:12.642Z';

const StatusPeriodType = builder.objectRef<StatusPeriod>('StatusPeriod').implement({
  description: 'A period in which a user had one plan, according to logins and changes of plan.',
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
        'Instant of its first event. The period lasts until the next one begins.',
        INSTANT,
      ),
      resolve: ({ occurredOn }) => occurredOn,
    }),
    cursor: t.string({
      description: withExample('The position of that event in the log.', CURSOR_EXAMPLE),
      resolve: ({ position }, _, { log }) => log.cursors.encode(position),
    }),
  }),
});

/**
 * Returns users by their ids, null for one without an event that the viewer may see. Users outside
 * the viewer's rights are not even queried, so they behave like missing ones.
 */
async function findUsers(
  ids: readonly string[],
  context: GraphqlContext,
): Promise<(UserNode | null)[]> {
  const mine = ids.filter((userId) => maySee(context.viewer, { userId }));
  const span = { after: 0, upTo: context.log.tailer.head() };
  const loader = loadersOf(context).events('userId', {}, { span, limit: 1, direction: 'backward' });
  const found = new Map<string, boolean>();
  await Promise.all(
    mine.map(async (id) => found.set(id, (await loader.load(id)).items.length > 0)),
  );
  return ids.map((id) => (found.get(id) ? new UserNode(id) : null));
}

const activityOf = ({ userId }: UserNode, context: GraphqlContext) =>
  loadersOf(context).userActivity.load(userId);
const plansOf = ({ userId }: UserNode, context: GraphqlContext) =>
  loadersOf(context).plans.load(userId);
const presentOf = async (user: UserNode, context: GraphqlContext) =>
  (await plansOf(user, context))?.periods.at(-1);

const currentStatus = {
  type: UserStatusEnum,
  nullable: true as const,
  extensions: READS,
  description:
    "The current plan, from the latest login or change of plan by the sender's instant; null without one.",
  resolve: async (user: UserNode, _: object, context: GraphqlContext) => {
    const present = await presentOf(user, context);
    return present && statusName(present.code);
  },
};
const currentStatusCode = {
  type: 'SafeInt' as const,
  nullable: true as const,
  extensions: READS,
  description: withExample('The current plan as the integer sent.', 2),
  resolve: async (user: UserNode, _: object, context: GraphqlContext) =>
    (await presentOf(user, context))?.code,
};
const currentCoverageName = {
  nullable: true as const,
  extensions: READS,
  description: withExample(
    'The group or contract by which the sender groups users, from the latest `user_first_logged_in`; null without one, and if it is empty.',
    'collective 1',
  ),
  resolve: async (user: UserNode, _: object, context: GraphqlContext) =>
    (await plansOf(user, context))?.coverage,
};

builder.node(UserRef, {
  description:
    'A user according to the stored events. Example: `user(id: "32402404G") { currentStatus lastSeen }`.',
  id: {
    ...pure,
    description: withExample('Permanent global id of this user.', 'VXNlcjozMjQwMjQwNEc='),
    resolve: ({ userId }) => userId,
  },
  isTypeOf: (node) => node instanceof UserNode,
  authScopes: (user, { viewer }: GraphqlContext) => maySee(viewer, user),
  runScopesOnType: true,
  loadMany: (ids: string[], context) => findUsers(ids, context),
  fields: (t) => ({
    userId: t.exposeID('userId', {
      nullable: true,
      description: withExample(`The sender's identifier of the user. ${NEVER_NULL}`, USER_EXAMPLE),
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
    currentStatus: t.field(currentStatus),
    status: t.field({ ...currentStatus, ...besideEvents('currentStatus') }),
    currentStatusCode: t.field(currentStatusCode),
    statusCode: t.field({ ...currentStatusCode, ...besideEvents('currentStatusCode') }),
    statusHistory: t.field({
      type: [StatusPeriodType],
      extensions: READS,
      description: `The user's plans in chronological order, the current one last, built from the user's latest ${HISTORY_EVENTS} logins and changes of plan. Changes of one instant are ordered so that each begins with the plan with which the one before ended.`,
      resolve: async (user, _, context) => [...((await plansOf(user, context))?.periods ?? [])],
    }),
    currentCoverageName: t.string(currentCoverageName),
    coverageName: t.string({ ...currentCoverageName, ...besideEvents('currentCoverageName') }),
    eventCounts: t.field({
      type: [TypeCount],
      extensions: READS,
      description: "Number of the user's events by type, most frequent first.",
      resolve: async (user, _, context) => (await activityOf(user, context))?.counts ?? [],
    }),
    events: t.connection(
      {
        type: EventInterface,
        description: `The user's events in log order, ${PAGE_NOTE}`,
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
    description: 'A user; null if they have no event that you may see.',
    args: {
      id: t.arg.id({
        required: true,
        description: withExample("The sender's identifier of the user.", USER_EXAMPLE),
      }),
    },
    resolve: async (_, { id }, context) => (await findUsers([String(id)], context))[0] ?? null,
  }),
);
