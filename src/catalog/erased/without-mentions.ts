import { definitionByName, UNKNOWN } from '../catalog.ts';
import type { NewEvent } from '../event.ts';
import { cleanedDigest } from '../event-digest.ts';
import type { FieldKind, PayloadField } from '../field.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { contactsIn } from '../personal/contacts-in.ts';
import { isId, isUserKey, MIN_ID_LENGTH } from './users-named.ts';
import { ERASED, withoutPeople } from './without-people.ts';
import { wordsOf } from './words-of.ts';

/**
 * Kinds of declared fields that never name a user: a professional's number may equal a user's id,
 * and a text would not be a valid value of the field.
 */
const OTHER_KINDS: ReadonlySet<FieldKind> = new Set(['integer', 'status', 'uuid']);

/** Identifies the users to remove. */
export interface Targets {
  /** Returns true for the id of such a user. */
  isUser(id: string): boolean;
  /** Returns true for an e-mail address or phone number of such a user, in a form of `contactsIn`. */
  isContact?: ((contact: string) => boolean) | undefined;
}

/**
 * Returns an event of another user, or of no user, without mentions of the given users, by id, e-mail
 * address or phone number. Returns the same object if it mentions none of them.
 *
 * - A nested object or list that names one of them, directly or in lists in it, is replaced whole.
 * - A text that contains an address or number of theirs is replaced whole.
 * - At the top of the payload only the member is replaced if the event has a user. Otherwise only
 *   fields that the catalog declares remain.
 * - A type name that contains an id or contact becomes `unknown`.
 * - Personal data is removed everywhere in such an event (`withoutPeople`), since it may be theirs.
 *
 * Fields that the catalog declares as personal data of the event's own user do not count as mentions:
 * two users may share a phone. Nor does the own user's id, which may be an address or a number.
 *
 * The digest becomes that of the remaining content. So the database holds nothing that verifies a
 * guess of the removed content, and the same delivery, cleaned again, is recognised. Erasure and
 * intake use this one function, and its result does not depend on the order of several erasures.
 *
 * @param event with a depth that the webhook has limited
 */
export function withoutMentions<T extends NewEvent>(event: T, targets: Targets): T {
  const { isContact } = targets;
  const fields = definitionByName.get(event.type)?.fields ?? {};
  const typeName = isTypeOfUser() ? UNKNOWN : event.typeName;
  const isNamed =
    typeName !== event.typeName ||
    cleanedPayload(event.payload) !== event.payload ||
    cleanedExtra(event.extra) !== event.extra;
  if (!isNamed) return event;
  // Before the names are replaced: an id under a personal key must not affect its siblings.
  const payload = cleanedPayload(withoutPeople(event.payload));
  if (event.userId === null) return identified(declared(payload), null);
  return identified(payload, cleanedExtra(event.extra && withoutPeople(event.extra)));

  function identified(payload: JsonObject, extra: JsonObject | null): T {
    const left = { ...event, typeName, payload, extra };
    return { ...left, digest: cleanedDigest(left) };
  }

  function cleanedPayload(payload: JsonObject): JsonObject {
    return cleaned(payload, declaredField, event.userId);
  }

  function declaredField(key: string): PayloadField | undefined {
    return Object.hasOwn(fields, key) ? fields[key] : undefined;
  }

  function cleanedExtra(extra: JsonObject | null): JsonObject | null {
    return extra && (namesDirectly(extra) ? null : cleaned(extra));
  }

  /** The replacement itself is not an id, which ends the search. */
  function isUser(id: string): boolean {
    return id !== ERASED && targets.isUser(id);
  }

  function holdsContact(text: string): boolean {
    if (isContact === undefined) return false;
    for (const contact of contactsIn(text)) if (isContact(contact)) return true;
    return false;
  }

  function isTypeOfUser(): boolean {
    if (event.type !== UNKNOWN) return false;
    for (const word of wordsOf(event.typeName, MIN_ID_LENGTH)) if (isUser(word)) return true;
    return holdsContact(event.typeName);
  }

  function isName(key: string, value: JsonValue): boolean {
    if (!isId(value)) return false;
    const text = String(value);
    return isUserId(key, text) || holdsContact(text);
  }

  function isUserId(key: string, text: string): boolean {
    return (text.length >= MIN_ID_LENGTH || isUserKey(key)) && isUser(text);
  }

  function isNameAsKey(key: string): boolean {
    return key.length >= MIN_ID_LENGTH && (isUser(key) || holdsContact(key));
  }

  function namesDirectly(object: JsonObject): boolean {
    return Object.entries(object).some(([key, value]) => isNameAsKey(key) || holdsName(key, value));
  }

  /** In the value itself, or in nested lists. */
  function holdsName(key: string, value: JsonValue): boolean {
    return Array.isArray(value) ? value.some((item) => holdsName(key, item)) : isName(key, value);
  }

  /**
   * Cleans one object: replaces ids and reduces nested values.
   * @param owner the id that stays under `user_id`
   */
  function cleaned(
    object: JsonObject,
    fieldOf: (key: string) => PayloadField | undefined = () => undefined,
    owner: string | null = null,
  ): JsonObject {
    let changed = false;
    const members: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(object)) {
      const field = fieldOf(key);
      const isOwnKey = field === undefined && isNameAsKey(key);
      const isOwner = owner !== null && key === 'user_id' && isId(value) && String(value) === owner;
      const kept = isOwner ? value : isOwnKey ? ERASED : cleanedMember(key, value, field);
      if (isOwnKey || kept !== value) changed = true;
      members.push([isOwnKey ? ERASED : key, kept]);
    }
    // Not by assignment: a key may be `__proto__`.
    return changed ? Object.fromEntries(members) : object;
  }

  function cleanedMember(key: string, value: JsonValue, field?: PayloadField): JsonValue {
    if (field && OTHER_KINDS.has(field.kind) && field.isValid(value)) return value;
    const isOwn = field?.personal && event.userId !== null && typeof value !== 'object';
    if (!isOwn) return cleanedValue(key, value);
    return isId(value) && isUserId(key, String(value)) ? ERASED : value;
  }

  function cleanedValue(key: string, value: JsonValue): JsonValue {
    if (Array.isArray(value)) return holdsName(key, value) ? [ERASED] : cleanedItems(key, value);
    if (typeof value !== 'object' || value === null) return isName(key, value) ? ERASED : value;
    return namesDirectly(value) ? { user_id: ERASED } : cleaned(value);
  }

  /** Cleans the objects of a list that does not itself name anyone, also in nested lists. */
  function cleanedItems(key: string, list: JsonValue[]): JsonValue[] {
    const items = list.map((item) =>
      Array.isArray(item) ? cleanedItems(key, item) : cleanedValue(key, item),
    );
    return items.some((item, index) => item !== list[index]) ? items : list;
  }

  function declared(object: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(object).filter(([key]) => Object.hasOwn(fields, key)));
  }
}
