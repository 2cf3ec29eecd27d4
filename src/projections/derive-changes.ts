import { hasAtMost } from '../catalog/characters.ts';
import { credibleInstant } from '../catalog/credible-instant.ts';
import type { StoredEvent } from '../catalog/event.ts';
import { MAX_SUBJECT_LENGTH } from '../catalog/field.ts';
import { filterValue } from '../catalog/filter-keys.ts';
import type { JsonValue } from '../catalog/json.ts';
import { messageIdOf } from '../catalog/message-of.ts';
import { declaredContactsOf } from '../catalog/personal/contacts-of.ts';
import { declaredValue } from '../catalog/well-formed.ts';
import type { ContactHash } from '../log/read/contact-hash.ts';
import type { projectionNames } from '../storage/projection-documents.ts';

/** The collections of the projections. */
export type DerivedName = (typeof projectionNames)[number];

/** Changes to one projection document; any number of them can be merged. */
export interface Change {
  /** Fields of the document that are the same in every change. */
  always: Record<string, string>;
  min: Record<string, number | Date>;
  max: Record<string, number | Date>;
  sets: Record<string, Set<string | number>>;
}

export type Changes = Readonly<Record<DerivedName, Map<string, Change>>>;

const LOGINS: ReadonlySet<string> = new Set(['user_logged_in', 'user_first_logged_in']);

/**
 * Derives the changes to users, installations and messages from events. The keys of the maps are
 * the `_id`s of the documents. Every change is a minimum, a maximum or a set member, so changes can
 * be repeated, reordered, and written by several processes.
 *
 * @param hashContact replaces e-mail addresses and phone numbers
 */
export function deriveChanges(events: Iterable<StoredEvent>, hashContact: ContactHash): Changes {
  const changes: Changes = {
    users: new Map(),
    installations: new Map(),
    userInstallations: new Map(),
    messages: new Map(),
    userContacts: new Map(),
  };
  for (const stored of events) {
    const event = { ...stored, occurredOn: credibleInstant(stored) };
    const { userId, installationId } = event;
    if (userId !== null) see(changes.users, userId, event);
    if (installationId !== null) {
      addInstallation(see(changes.installations, installationId, event), event);
    }
    if (userId !== null && installationId !== null) {
      const id = `${installationId}:${userId}`;
      const change = see(changes.userInstallations, id, event, { userId, installationId });
      addInstallation(change, event);
    }
    const messageId = messageIdOf(event);
    if (userId !== null && messageId !== null) {
      const id = `${messageId}:${userId}`;
      addMessage(see(changes.messages, id, event, { messageId, userId }), event);
    }
    if (userId !== null) {
      for (const contact of [...declaredContactsOf(event)].map(hashContact)) {
        see(changes.userContacts, `${contact}:${userId}`, event, { contact, userId });
      }
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

function addInstallation(change: Change, event: StoredEvent): void {
  const { type, occurredOn } = event;
  if (LOGINS.has(type)) atLeast(change.min, 'firstLoginOn', occurredOn);
  if (type === 'app_uninstalled') atMost(change.max, 'uninstalledOn', occurredOn);
  if (type !== 'installation_created') return;
  atLeast(change.min, 'createdOn', occurredOn);
  addTo(change, 'osNames', declaredValue(event, 'os_name'));
  addTo(change, 'countryCodes', declaredValue(event, 'country_code'));
}

function addMessage(change: Change, event: StoredEvent): void {
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

/** Ignores a text above MAX_SUBJECT_LENGTH, because no filter can contain it. */
function addTo({ sets }: Change, name: string, value: JsonValue | undefined): void {
  if (typeof value !== 'string' && typeof value !== 'number') return;
  if (typeof value === 'string' && !hasAtMost(value, MAX_SUBJECT_LENGTH)) return;
  sets[name] ??= new Set();
  sets[name].add(value);
}
