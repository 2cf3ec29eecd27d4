import type { StoredEvent } from '../catalog/event.ts';
import { MAX_SUBJECT_LENGTH } from '../catalog/field.ts';
import { filterValue } from '../catalog/filter-keys.ts';
import type { JsonValue } from '../catalog/json.ts';
import { messageIdOf } from '../catalog/message-of.ts';

/** The collections of derived documents. */
export type DerivedName = 'users' | 'installations' | 'userInstallations' | 'messages';

/** What events say of one derived document; any number of them join to one. */
export interface Change {
  /** Of the document itself: the same whoever says it. */
  always: Record<string, string>;
  min: Record<string, number | Date>;
  max: Record<string, number | Date>;
  sets: Record<string, Set<string | number>>;
}

export type Changes = Readonly<Record<DerivedName, Map<string, Change>>>;

const LOGINS: ReadonlySet<string> = new Set(['user_logged_in', 'user_first_logged_in']);

/**
 * What events say of the users, installations and messages that they name, by the `_id` of the
 * document. All of it is a least, a greatest, or one of a set: so it may be written again, in any
 * order, and by any number of processes, and comes to the same.
 */
export function deriveChanges(events: Iterable<StoredEvent>): Changes {
  const changes: Changes = {
    users: new Map(),
    installations: new Map(),
    userInstallations: new Map(),
    messages: new Map(),
  };
  for (const event of events) {
    const { userId, installationId } = event;
    if (userId !== null) see(changes.users, userId, event);
    if (installationId !== null) {
      tellInstallation(see(changes.installations, installationId, event), event);
    }
    if (userId !== null && installationId !== null) {
      const id = `${installationId}:${userId}`;
      const change = see(changes.userInstallations, id, event, { userId, installationId });
      tellInstallation(change, event);
    }
    const messageId = messageIdOf(event);
    if (userId !== null && messageId !== null) {
      const id = `${messageId}:${userId}`;
      tellMessage(see(changes.messages, id, event, { messageId, userId }), event);
    }
  }
  return changes;
}

function see(
  documents: Map<string, Change>,
  id: string,
  { position, occurredOn }: StoredEvent,
  always: Record<string, string> = {},
): Change {
  const change = documents.get(id) ?? { always, min: {}, max: {}, sets: {} };
  documents.set(id, change);
  atLeast(change.min, 'position', position);
  atLeast(change.min, 'firstSeen', occurredOn);
  atMost(change.max, 'lastPosition', position);
  atMost(change.max, 'lastSeen', occurredOn);
  return change;
}

function tellInstallation(change: Change, { type, occurredOn, payload }: StoredEvent): void {
  if (LOGINS.has(type)) atLeast(change.min, 'firstLoginOn', occurredOn);
  if (type === 'app_uninstalled') atMost(change.max, 'uninstalledOn', occurredOn);
  if (type !== 'installation_created') return;
  atLeast(change.min, 'createdOn', occurredOn);
  addTo(change, 'osNames', payload.os_name);
  addTo(change, 'countryCodes', payload.country_code);
}

function tellMessage(change: Change, event: StoredEvent): void {
  if (event.type === 'message_sent') atLeast(change.min, 'sentOn', event.occurredOn);
  if (event.type === 'message_read') atLeast(change.min, 'readOn', event.occurredOn);
  addTo(change, 'specialities', filterValue(event, 'specialities'));
  addTo(change, 'professionalIds', filterValue(event, 'professionalIds'));
}

function atLeast(values: Record<string, number | Date>, name: string, value: number | Date): void {
  const known = values[name];
  if (known === undefined || value < known) values[name] = value;
}

function atMost(values: Record<string, number | Date>, name: string, value: number | Date): void {
  const known = values[name];
  if (known === undefined || value > known) values[name] = value;
}

/** A longer text is nothing that a list is filtered by. */
function addTo({ sets }: Change, name: string, value: JsonValue | undefined): void {
  if (typeof value !== 'string' && typeof value !== 'number') return;
  if (typeof value === 'string' && value.length > MAX_SUBJECT_LENGTH) return;
  sets[name] ??= new Set();
  sets[name].add(value);
}
