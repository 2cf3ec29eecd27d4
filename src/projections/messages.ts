import { filterValue } from '../catalog/filter-keys.ts';
import type { JsonValue } from '../catalog/json.ts';
import { MESSAGE_KEY, messageIdOf, messageTypes, spellingsOf } from '../catalog/message-of.ts';
import { isOneOf } from '../storage/is-one-of.ts';
import type { Collections } from '../storage/models.ts';
import type { Visibility } from './activity.ts';
import { earlier, type Occurrence } from './latest.ts';
import type { SnapshotRead } from './snapshot-read.ts';
import { type FoundEvent, streamEvents } from './stream-events.ts';

/** Length of a UUID, in characters. */
const ID_LENGTH = 36;

/** A message according to its events. */
export interface Message {
  readonly messageId: string;
  readonly userId: string;
  readonly speciality: string;
  readonly professionalId: number;
  /** The earliest `message_sent` by the sender's instants; null without such an event. */
  readonly sentOn: Date | null;
  readonly readOn: Date | null;
}

interface MessageOccurrence extends Occurrence {
  userId: string;
  /** Undefined if the event does not have it in the declared shape. */
  speciality: JsonValue | undefined;
  professionalId: JsonValue | undefined;
}

/** Returns the key of a message restricted to one user's events; lists contain these. */
export function messageOfUser(messageId: string, userId: string): string {
  return `${messageId}:${userId}`;
}

/**
 * Reads messages by `knownMessageId` ids or by `messageOfUser` keys; one without visible events is
 * missing from the result. Shared fields come from the first `message_sent`, else from the first
 * `message_read`, since a read event may arrive first; what neither has well-formed is empty or 0.
 * Undefined if their events have more than `maxBytes`: read fewer at once.
 */
export function readMessages(
  { events }: Pick<Collections, 'events'>,
  readSnapshot: SnapshotRead,
  {
    ids,
    visibility,
    maxBytes,
  }: { ids: readonly string[]; visibility: Visibility; maxBytes: number },
): Promise<Map<string, Message> | undefined> {
  const spellings = new Set(ids.flatMap((id) => spellingsOf(id.slice(0, ID_LENGTH))));
  return readSnapshot(async ({ after, upTo }) => {
    const found = new Map<string, { sent?: MessageOccurrence; read?: MessageOccurrence }>();
    const query = {
      ...(visibility.userIds && { userId: isOneOf(visibility.userIds) as never }),
      [`payload.${MESSAGE_KEY}`]: isOneOf([...spellings]),
      type: { $in: [...messageTypes] },
      position: { $gt: after, $lte: upTo },
    };
    function onEvent({ userId, type, payload, position, occurredOn, instant }: FoundEvent) {
      const messageId = messageIdOf({ type, payload });
      if (messageId === null || userId === undefined) return;
      const occurrence = {
        occurredOn,
        instant,
        position,
        userId,
        speciality: filterValue({ type, payload }, 'specialities'),
        professionalId: filterValue({ type, payload }, 'professionalIds'),
      };
      for (const key of [messageId, messageOfUser(messageId, userId)]) {
        const known = found.get(key) ?? {};
        found.set(key, known);
        if (type === 'message_sent') known.sent = earlier(known.sent, occurrence);
        else known.read = earlier(known.read, occurrence);
      }
    }
    if (!(await streamEvents(events, query, { maxBytes, onEvent }))) return undefined;
    return new Map(
      [...found].flatMap(([key, { sent, read }]) => {
        const messageId = key.slice(0, ID_LENGTH);
        const occurrence = sent ?? read;
        if (occurrence === undefined) return [];
        const { userId } = occurrence;
        const speciality = String(sent?.speciality ?? read?.speciality ?? '');
        const professionalId = Number(sent?.professionalId ?? read?.professionalId ?? 0);
        const times = { sentOn: sent?.occurredOn ?? null, readOn: read?.occurredOn ?? null };
        return [[key, { messageId, userId, speciality, professionalId, ...times }] as const];
      }),
    );
  });
}
