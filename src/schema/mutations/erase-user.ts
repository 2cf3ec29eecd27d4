import { assertAdmin } from '../../auth/assert-admin.ts';
import { assertUserId } from '../../auth/assert-user-id.ts';
import type { ErasureCounts } from '../../erasure/types.ts';
import { builder } from '../builder.ts';

const EraseUserPayload = builder.objectRef<ErasureCounts>('EraseUserPayload').implement({
  description:
    'What was erased. The pseudonym is not told: whoever asks knows the user, and could tell who it is.',
  fields: (t) => ({
    events: t.exposeInt('events', { description: "The user's own events. Example: `212`." }),
    mentions: t.exposeInt('mentions', {
      description:
        'Other events that named the user, or were about an installation of theirs. Example: `3`.',
    }),
    quarantined: t.exposeInt('quarantined', {
      description: 'Refused deliveries that were removed from quarantine. Example: `0`.',
    }),
  }),
});

builder.mutationField('eraseUser', (t) =>
  t.field({
    type: EraseUserPayload,
    description:
      'Erases a user, and answers when nothing of them is left: their events stay where they are, those of a pseudonym that leads to nobody. It takes some 15 seconds and more, the longer the log. It goes on when the connection is lost; broken off by an error or a stop, ask again and it goes on. The counts are then of what was left.',
    args: {
      userId: t.arg.id({
        required: true,
        description: "The sender's id of the user. Example: `32402404G`.",
      }),
    },
    resolve(_, { userId }, { viewer, log }) {
      assertAdmin(viewer);
      return log.eraser.erase(assertUserId(String(userId)));
    },
  }),
);
