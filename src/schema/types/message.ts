import { maySee } from '../../auth/viewer.ts';
import { knownMessageId } from '../../catalog/message-of.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { loadersOf } from '../queries/loaders.ts';
import { pure } from '../subscriptions/analyze-sharing.ts';
import { withExample } from '../with-example.ts';
import { NEVER_NULL } from './beside-events.ts';
import { MessageNode, MessageRef, UserNode, UserRef } from './nodes.ts';

const MESSAGE_EXAMPLE = 'eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e';
const INSTANT = '2021-09-14T15:55:12.642Z';

/**
 * Returns messages by their ids, or by `messageOfUser` keys; null for one without an event that the
 * viewer may see.
 */
export function findMessages(
  ids: readonly string[],
  context: GraphqlContext,
): Promise<(MessageNode | null)[]> {
  const { messages } = loadersOf(context);
  return Promise.all(
    ids.map(async (id) => {
      const message = await messages.load(id);
      return message === undefined ? null : new MessageNode(message);
    }),
  );
}

/** By the local part of a global id, which a client may have made up. */
async function messagesById(ids: readonly string[], context: GraphqlContext) {
  const isId = (id: string) => id.length === MESSAGE_EXAMPLE.length;
  const found = await findMessages(ids.filter(isId).map(knownMessageId), context);
  return ids.map((id) => (isId(id) ? (found.shift() ?? null) : null));
}

builder.node(MessageRef, {
  description:
    'A message in a conversation between a user and a professional, according to its events. Example: `message(id: "eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e") { sentOn readOn readDelaySeconds }`.',
  id: {
    ...pure,
    description: withExample(
      'Permanent global id of this message.',
      'TWVzc2FnZTplZGE3YzdiYS01OGQ2LTQ5NDMtOWViZS1kMGE4ZTRhNzQ0M2U=',
    ),
    resolve: ({ message }) => message.messageId,
  },
  isTypeOf: (node) => node instanceof MessageNode,
  authScopes: ({ message }, { viewer }: GraphqlContext) => maySee(viewer, message),
  runScopesOnType: true,
  loadMany: (ids: string[], context) => messagesById(ids, context),
  fields: (t) => ({
    messageId: t.field({
      type: 'UUID',
      description: withExample("The sender's identifier, in lower case.", MESSAGE_EXAMPLE),
      resolve: ({ message }) => message.messageId,
    }),
    sentOn: t.field({
      type: 'DateTime',
      nullable: true,
      description: withExample(
        'When it was first sent; null without a `message_sent` event, which may arrive after the read event.',
        INSTANT,
      ),
      resolve: ({ message }) => message.sentOn,
    }),
    readOn: t.field({
      type: 'DateTime',
      nullable: true,
      description: withExample('When it was first read; null while it is unread.', INSTANT),
      resolve: ({ message }) => message.readOn,
    }),
    readDelaySeconds: t.float({
      nullable: true,
      description: withExample(
        "Time from `sentOn` to `readOn`, to the millisecond; null unless both are known. Negative if the sender's clocks disagree. Unit: seconds.",
        42.5,
      ),
      resolve: ({ message: { sentOn, readOn } }) =>
        sentOn && readOn && (readOn.getTime() - sentOn.getTime()) / 1_000,
    }),
    speciality: t.string({
      description: withExample('The speciality of the message.', 'work'),
      resolve: ({ message }) => message.speciality,
    }),
    professionalId: t.field({
      type: 'SafeInt',
      description: withExample('The identifier of the professional.', 5),
      resolve: ({ message }) => message.professionalId,
    }),
    userId: t.id({
      nullable: true,
      description: withExample(`The sender's identifier of the user. ${NEVER_NULL}`, '32402404G'),
      resolve: ({ message }) => message.userId,
    }),
    user: t.field({
      type: UserRef,
      nullable: true,
      description: `The user of the conversation. ${NEVER_NULL}`,
      resolve: ({ message }) => new UserNode(message.userId),
    }),
  }),
});

builder.queryField('message', (t) =>
  t.field({
    type: MessageRef,
    nullable: true,
    description: 'A message; null if it has no event that you may see.',
    args: {
      id: t.arg({
        type: 'UUID',
        required: true,
        description: withExample(
          "The sender's identifier, in lower or upper case.",
          MESSAGE_EXAMPLE,
        ),
      }),
    },
    resolve: async (_, { id }, context) =>
      (await findMessages([knownMessageId(id)], context))[0] ?? null,
  }),
);
