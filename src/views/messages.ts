import { filterValue } from '../catalog/filter-keys.ts';
import { MESSAGE_KEY, messageIdOf, messageTypes, spellingsOf } from '../catalog/message-of.ts';
import { isOneOf } from '../log/is-one-of.ts';
import type { Collections } from '../log/models.ts';
import { MAX_TIME_MS } from '../log/read.ts';
import type { Sight } from './activity.ts';
import type { Look } from './create-look.ts';
import { earlier, type Said } from './latest.ts';

/** A message as its events have it. */
export interface Message {
  readonly messageId: string;
  readonly userId: string;
  readonly speciality: string;
  readonly professionalId: number;
  /** The first time, by the sender's instants; null while no event has told of it. */
  readonly sentOn: Date | null;
  readonly readOn: Date | null;
}

interface Telling extends Said {
  userId: string;
  speciality: string;
  professionalId: number;
}

/**
 * Messages by their ids, as `knownMessageId` has them; one of which no event may be seen is not in the
 * answer. What its events should agree on is taken from the first that tells of its sending, else of
 * its reading: reads may come before.
 */
export function readMessages(
  { events }: Pick<Collections, 'events'>,
  look: Look,
  { ids, sight }: { ids: readonly string[]; sight: Sight },
): Promise<Map<string, Message>> {
  return look(async ({ after, upTo }) => {
    const found = new Map<string, { sent?: Telling; read?: Telling }>();
    const cursor = events.find(
      {
        ...(sight.userIds && { userId: isOneOf(sight.userIds) as never }),
        [`payload.${MESSAGE_KEY}`]: isOneOf(ids.flatMap(spellingsOf)),
        type: { $in: [...messageTypes] },
        position: { $gt: after, $lte: upTo },
      },
      { projection: { extra: 0 }, readConcern: { level: 'majority' }, maxTimeMS: MAX_TIME_MS },
    );
    for await (const { userId, type, payload, occurredOn, position } of cursor) {
      const messageId = messageIdOf({ type, payload });
      if (messageId === null || userId === undefined) continue;
      const known = found.get(messageId) ?? {};
      found.set(messageId, known);
      const telling = {
        ...{ occurredOn, position, userId },
        speciality: String(filterValue({ type, payload }, 'specialities') ?? ''),
        professionalId: Number(filterValue({ type, payload }, 'professionalIds') ?? 0),
      };
      if (type === 'message_sent') known.sent = earlier(known.sent, telling);
      else known.read = earlier(known.read, telling);
    }
    return new Map(
      [...found].flatMap(([messageId, { sent, read }]) => {
        const telling = sent ?? read;
        if (telling === undefined) return [];
        const { userId, speciality, professionalId } = telling;
        const times = { sentOn: sent?.occurredOn ?? null, readOn: read?.occurredOn ?? null };
        return [[messageId, { messageId, userId, speciality, professionalId, ...times }] as const];
      }),
    );
  });
}
