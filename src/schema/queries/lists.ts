import { messageOfUser } from '../../projections/messages.ts';
import type { MessageDocument } from '../../storage/projection-documents.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import {
  InstallationFilter,
  installationsQuery,
  MessageFilter,
  messagesQuery,
  UserFilter,
  usersQuery,
} from '../inputs/list-filters.ts';
import { findMessages } from '../types/message.ts';
import {
  InstallationConnection,
  InstallationEdge,
  InstallationNode,
  InstallationRef,
  MessageConnection,
  MessageEdge,
  MessageRef,
  UserConnection,
  UserEdge,
  UserNode,
  UserRef,
} from '../types/nodes.ts';
import { countedIf } from '../types/total-count.ts';
import { visibilityOf } from './loaders.ts';
import { readList, readListOf } from './nested-pages.ts';
import { PAGE_NOTE, type Page, type PageArguments } from './page.ts';

/** Returns a page with edges for its items. */
export function withEdges<Item, Node>(
  { items, ...page }: Page<Item>,
  toNode: (item: Item) => Node,
) {
  return { ...page, edges: items.map(({ cursor, item }) => ({ cursor, node: toNode(item) })) };
}

/** Loads the messages of a page from the log; a message that is no longer there has no edge. */
async function withMessages({ items, ...page }: Page<MessageDocument>, context: GraphqlContext) {
  const ids = items.map(({ item }) => messageOfUser(item.messageId, item.userId));
  const nodes = await findMessages(ids, context);
  return {
    ...page,
    edges: items.flatMap(({ cursor }, index) => {
      const node = nodes[index];
      return node ? [{ cursor, node }] : [];
    }),
  };
}

const isEmpty = (query: object) => Object.keys(query).length === 0;

const inOrder = 'in the order of their first event';

builder.queryFields((t) => ({
  users: t.connection(
    {
      type: UserRef,
      description: `The users ${inOrder}, ${PAGE_NOTE} A viewer limited to their own events sees only themselves.`,
      args: {
        filter: t.arg({
          type: UserFilter,
          description:
            'Selects users; all that you may see when omitted. Example: `{ lastSeen: { from: "2026-01-01T00:00:00Z" } }`.',
        }),
      },
      async resolve(_, { filter, ...page }, context) {
        const query = usersQuery(filter, context.viewer, context.limits);
        await context.views.caughtUp();
        const users = await readList('users', { query, page, context });
        const edges = withEdges(users, ({ _id }) => new UserNode(_id));
        return countedIf(isEmpty(query), edges, () => context.views.total('users'));
      },
    },
    UserConnection,
    UserEdge,
  ),
  installations: t.connection(
    {
      type: InstallationRef,
      description: `The installations ${inOrder}, ${PAGE_NOTE} A viewer limited to their own events sees the installations of these events.`,
      args: {
        filter: t.arg({
          type: InstallationFilter,
          description:
            'Selects installations; all that you may see when omitted. Example: `{ uninstalled: true }`.',
        }),
      },
      async resolve(_, { filter, ...page }, context) {
        const query = installationsQuery(filter, context.limits);
        const [userId] = visibilityOf(context).userIds ?? [];
        if (userId !== undefined) return ownInstallations(userId, query, page, context);
        await context.views.caughtUp();
        const installations = await readList('installations', { query, page, context });
        const edges = withEdges(installations, ({ _id }) => new InstallationNode(_id));
        return countedIf(isEmpty(query), edges, () => context.views.total('installations'));
      },
    },
    InstallationConnection,
    InstallationEdge,
  ),
  messages: t.connection(
    {
      type: MessageRef,
      description: `The messages ${inOrder}, ${PAGE_NOTE} A viewer limited to their own events sees only their own messages. A message whose events name two users appears once for each, according to that user's events.`,
      args: {
        filter: t.arg({
          type: MessageFilter,
          description:
            'Selects messages; all that you may see when omitted. Example: `{ unread: true, olderThan: "PT24H" }`.',
        }),
      },
      async resolve(_, { filter, ...page }, context) {
        const query = messagesQuery(filter, context.viewer, context.limits);
        await context.views.caughtUp();
        const messages = await readList('messages', { query, page, context });
        const edges = await withMessages(messages, context);
        return countedIf(isEmpty(query), edges, () => context.views.total('messages'));
      },
    },
    MessageConnection,
    MessageEdge,
  ),
}));

builder.objectFields(UserRef, (t) => ({
  installations: t.connection(
    {
      type: InstallationRef,
      description: `The user's installations in the order of first use, ${PAGE_NOTE}`,
      resolve: ({ userId }, page, context) => ownInstallations(userId, {}, page, context),
    },
    InstallationConnection,
    InstallationEdge,
  ),
  messages: t.connection(
    {
      type: MessageRef,
      description: `The user's messages ${inOrder}, ${PAGE_NOTE}`,
      args: {
        filter: t.arg({
          type: MessageFilter,
          description: 'Selects some of them; all when omitted. Example: `{ unread: true }`.',
        }),
      },
      async resolve({ userId: id }, { filter, ...page }, context) {
        const { userId: named, ...query } = messagesQuery(filter, context.viewer, context.limits);
        const onlyNamed = filter?.userIds == null ? {} : { $and: [{ userId: named }] };
        const request = { id, query: { ...query, ...onlyNamed }, page, context };
        return withMessages(await readListOf('messages', 'userId', request), context);
      },
    },
    MessageConnection,
    MessageEdge,
  ),
}));

builder.objectFields(InstallationRef, (t) => ({
  users: t.connection(
    {
      type: UserRef,
      description: `The users of the installation in the order of first use, ${PAGE_NOTE} A viewer limited to their own events sees only themselves.`,
      async resolve({ installationId: id }, page, context) {
        const { userIds } = visibilityOf(context);
        const query = userIds ? { $and: [{ userId: { $in: [...userIds] } }] } : {};
        const request = { id, query, page, context };
        const users = await readListOf('userInstallations', 'installationId', request);
        return withEdges(users, ({ userId }) => new UserNode(userId));
      },
    },
    UserConnection,
    UserEdge,
  ),
}));

/** Batched with those of other users. */
async function ownInstallations(
  id: string,
  query: Record<string, unknown>,
  page: PageArguments,
  context: GraphqlContext,
) {
  const request = { id, query, page, context };
  const pairs = await readListOf('userInstallations', 'userId', request);
  return withEdges(pairs, ({ installationId }) => new InstallationNode(installationId));
}
