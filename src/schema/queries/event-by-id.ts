import { narrow } from '../../auth/viewer.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import { declaredTypeName } from '../../catalog/well-formed.ts';
import { EventlineError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { EventInterface } from '../types/event-interface.ts';
import { ID_EXAMPLE, withExample } from '../with-example.ts';
import { readWithin, sizeOfEvents } from './read-within.ts';

/**
 * Returns events by the type and the local parts of their ids, in order; null for an id that
 * is missing, of another type, not visible, or not of this log. The query only covers what the
 * viewer may see, so another user's event behaves like a missing one.
 */
export async function eventsByDigest(
  typeName: string,
  ids: readonly string[],
  context: GraphqlContext,
): Promise<(StoredEvent | null)[]> {
  const { log, viewer } = context;
  const visible = narrow(viewer, {});
  return Promise.all(
    ids.map(async (id) => {
      const digest = log.eventIds.digestOf(id);
      if (digest === undefined) return null;
      const event = await readWithin(
        context,
        () => log.reader.byDigest(digest, visible),
        (found) => sizeOfEvents([found]),
      );
      return event !== undefined && declaredTypeName(event.type) === typeName ? event : null;
    }),
  );
}

builder.queryField('event', (t) =>
  t.field({
    type: EventInterface,
    nullable: true,
    description: 'An event by its id; null if none exists that you may see.',
    args: {
      id: t.arg.id({
        required: true,
        description: withExample("An event's `id`, or the webhook's answer.", ID_EXAMPLE),
      }),
    },
    async resolve(_, { id }, context) {
      const [, typeName, local] =
        /^(\w+):([\w-]+)$/.exec(Buffer.from(String(id), 'base64').toString()) ?? [];
      if (
        typeName === undefined ||
        local === undefined ||
        context.log.eventIds.digestOf(local) === undefined
      ) {
        throw new EventlineError('BAD_USER_INPUT', "id: this is not an event's id of this log.");
      }
      const [event] = await eventsByDigest(typeName, [local], context);
      return event ?? null;
    },
  }),
);
