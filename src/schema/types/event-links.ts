import type { StoredEvent } from '../../catalog/event.ts';
import { messageIdOf } from '../../catalog/message-of.ts';
import { builder } from '../builder.ts';
import { READS } from '../complexity.ts';
import { withExample } from '../with-example.ts';
import { EventInterface } from './event-interface.ts';
import { findMessages } from './message.ts';
import { InstallationNode, InstallationRef, MessageRef, UserNode, UserRef } from './nodes.ts';

const Delivery = builder.objectRef<StoredEvent>('Delivery').implement({
  description: 'How an event came in by the webhook.',
  fields: (t) => ({
    receivedAt: t.field({
      type: 'DateTime',
      description: withExample(
        'When it came in first, in UTC, to the millisecond.',
        '2021-09-14T15:55:13.005Z',
      ),
      resolve: ({ receivedAt }) => receivedAt,
    }),
    repeats: t.int({
      description: withExample(
        'How often the sender delivered the same again, at least: they are counted a second later, beside the answer to the webhook, so that a crash or a loss of the database can lose some. Unit: deliveries.',
        1,
      ),
      resolve: ({ repeats }) => repeats?.count ?? 0,
    }),
    lastRepeatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: withExample(
        'When the last repeat came in that was counted; null for none.',
        '2021-09-14T15:56:13.005Z',
      ),
      resolve: ({ repeats }) => repeats?.lastAt,
    }),
  }),
});

builder.interfaceFields(EventInterface, (t) => ({
  user: t.field({
    type: UserRef,
    nullable: true,
    description: 'The user it is about; null when it is about none.',
    resolve: ({ userId }) => (userId === null ? null : new UserNode(userId)),
  }),
  installation: t.field({
    type: InstallationRef,
    nullable: true,
    description: 'The installation it happened on; null for none.',
    resolve: ({ installationId }) =>
      installationId === null ? null : new InstallationNode(installationId),
  }),
  message: t.field({
    type: MessageRef,
    nullable: true,
    extensions: READS,
    description: 'The message it is about; null when it is about none.',
    async resolve(event, _, context) {
      const messageId = messageIdOf(event);
      return messageId === null ? null : ((await findMessages([messageId], context))[0] ?? null);
    },
  }),
  delivery: t.field({
    type: Delivery,
    description: 'How it came in.',
    resolve: (event) => event,
  }),
}));
