import { assertAdmin } from '../../auth/assert-admin.ts';
import { assertUserId } from '../../auth/assert-user-id.ts';
import type { ErasureCounts } from '../../erasure/types.ts';
import { builder } from '../builder.ts';

const EraseUserPayload = builder.objectRef<ErasureCounts>('EraseUserPayload').implement({
  description:
    'The result of an erasure. It does not contain the pseudonym, because user id and pseudonym must not appear together.',
  fields: (t) => ({
    events: t.exposeInt('events', { description: "The user's own events. Example: `212`." }),
    mentions: t.exposeInt('mentions', {
      description:
        "Other events that named the user or were about the user's installation. Example: `3`.",
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
      'Erases a user: events keep their positions under a pseudonym. Returns when the result is durable and no instance holds a copy. It takes at least 12 seconds, longer for a long log, and continues if the connection is lost. After an error or a restart, call it again to resume; the counts then cover the remaining work.',
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
