import type { StoredEvent } from '../../src/catalog/event.ts';

/** What events say of a user, an installation or a message, restated as simply as possible. */

const times = (events: readonly StoredEvent[]) =>
  events.map(({ occurredOn }) => occurredOn.getTime()).sort((a, b) => a - b);
const least = (events: readonly StoredEvent[]) => orUndefined(times(events).at(0));
const greatest = (events: readonly StoredEvent[]) => orUndefined(times(events).at(-1));
const orUndefined = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
const ofType = (events: readonly StoredEvent[], ...types: string[]) =>
  events.filter(({ type }) => types.includes(type));

function seenIn(events: readonly StoredEvent[]) {
  const positions = events.map(({ position }) => position);
  return {
    position: Math.min(...positions),
    lastPosition: Math.max(...positions),
    firstSeen: least(events),
    lastSeen: greatest(events),
  };
}

function valuesOf(events: readonly StoredEvent[], key: string) {
  const values = events.map(({ payload }) => payload[key]).filter((value) => value != null);
  return values.length === 0 ? undefined : [...new Set(values)].sort();
}

/** Groups events by what each names, without those that name nothing. */
export function groupBy(
  events: readonly StoredEvent[],
  nameOf: (event: StoredEvent) => string | null,
): Map<string, StoredEvent[]> {
  const groups = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const name = nameOf(event);
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), event]);
  }
  return groups;
}

/** Returns the message id of an event: UUIDs in lower case, other ids unchanged. */
export function messageOf({ type, payload }: StoredEvent): string | null {
  if (type !== 'message_sent' && type !== 'message_read') return null;
  const id = String(payload.message_id);
  return /[a-z]/.test(id) ? id : id.toLowerCase();
}

function installation(events: readonly StoredEvent[]) {
  const created = ofType(events, 'installation_created');
  return {
    ...seenIn(events),
    osNames: valuesOf(created, 'os_name'),
    countryCodes: valuesOf(created, 'country_code'),
    createdOn: least(created),
    firstLoginOn: least(ofType(events, 'user_logged_in', 'user_first_logged_in')),
    uninstalledOn: greatest(ofType(events, 'app_uninstalled')),
  };
}

/** Returns all projection documents of a log, each collection sorted by `_id`. */
export function derivedOf(events: readonly StoredEvent[]) {
  const byUser = groupBy(events, ({ userId }) => userId);
  const byInstallation = groupBy(events, ({ installationId }) => installationId);
  const pairs = [...byInstallation].flatMap(([installationId, all]) =>
    [...groupBy(all, ({ userId }) => userId)].map(([userId, own]) => ({
      _id: `${installationId}:${userId}`,
      installationId,
      userId,
      ...installation(own),
    })),
  );
  const messages = [...groupBy(events, messageOf)].flatMap(([messageId, all]) =>
    [...groupBy(all, ({ userId }) => userId)].map(([userId, own]) => ({
      _id: `${messageId}:${userId}`,
      messageId,
      userId,
      ...seenIn(own),
      sentOn: least(ofType(own, 'message_sent')),
      readOn: least(ofType(own, 'message_read')),
      specialities: valuesOf(own, 'speciality'),
      professionalIds: valuesOf(own, 'professional_id'),
    })),
  );
  return {
    users: inOrder([...byUser].map(([_id, own]) => ({ _id, ...seenIn(own) }))),
    installations: inOrder(
      [...byInstallation].map(([_id, all]) => ({ _id, ...installation(all) })),
    ),
    userInstallations: inOrder(pairs),
    messages: inOrder(messages),
  };
}

const inOrder = <T extends { _id: string }>(documents: T[]) =>
  documents.sort((a, b) => (a._id < b._id ? -1 : 1));
