import type { StoredEvent } from '../../catalog/event.ts';
import { messageIdOf } from '../../catalog/message-of.ts';
import { builder } from '../builder.ts';
import { READS } from '../complexity.ts';
import { withExample } from '../with-example.ts';
import { EventInterface } from './event-interface.ts';
import { findMessages } from './message.ts';
import { InstallationNode, InstallationRef, MessageRef, UserNode, UserRef } from './nodes.ts';

const Delivery = builder.objectRef<StoredEvent>('Delivery').implement({
  description: 'Receipt of an event by the webhook.',
  fields: (t) => ({
    receivedAt: t.field({
      type: 'DateTime',
      description: withExample(
        'First time of receipt, in UTC, with millisecond precision.',
        '2021-09-14T15:55:13.005Z',
      ),
      resolve: ({ receivedAt }) => receivedAt,
    }),
    repeats: t.int({
      description: withExample(
        'Number of redeliveries. It may be too low: a crash loses those of the last second.',
        1,
      ),
      resolve: ({ repeats }) => repeats?.count ?? 0,
    }),
    lastRepeatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: withExample(
        'Time of the last counted redelivery; null for none.',
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
    description: 'The user of the event; null for none.',
    resolve: ({ userId }) => (userId === null ? null : new UserNode(userId)),
  }),
  installation: t.field({
    type: InstallationRef,
    nullable: true,
    description: 'The installation of the event; null for none.',
    resolve: ({ installationId }) =>
      installationId === null ? null : new InstallationNode(installationId),
  }),
  message: t.field({
    type: MessageRef,
    nullable: true,
    extensions: READS,
    description: 'The message of the event; null for none.',
    async resolve(event, _, context) {
      const messageId = messageIdOf(event);
      return messageId === null ? null : ((await findMessages([messageId], context))[0] ?? null);
    },
  }),
  delivery: t.field({
    type: Delivery,
    description: 'Receipt by the webhook.',
    resolve: (event) => event,
  }),
}));
