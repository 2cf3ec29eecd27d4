import { definitionByName, UNKNOWN } from '../catalog.ts';
import type { NewEvent } from '../event.ts';
import type { FieldKind } from '../field.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { withoutPersonal } from '../personal/without-personal.ts';
import { isId, isUserKey, MIN_TELLING_LENGTH } from './users-named.ts';
import { wordsOf } from './words-of.ts';

/** Replaces the id of an erased user in another user's event. */
export const ERASED = 'erased';

/**
 * Kinds of declared fields that never name a user: a professional's number may equal a user's id,
 * and a text would not be a valid value of the field.
 */
const OTHER_KINDS: ReadonlySet<FieldKind> = new Set(['integer', 'status', 'uuid']);

/** Returns true for the id of a user who must no longer be found. */
export type IsUser = (id: string) => boolean;

/**
 * An event about somebody else, or about nobody, without the users that are meant: the same object
 * where it names none of them.
 *
 * An object or a list inside of the payload that names one, itself or in lists in it, is about them:
 * all else in it goes as well. Of the payload itself only the name goes if the event has a user; if
 * it has none, the whole event is about them, and all goes that the catalog does not declare. A name
 * of a type that holds the id goes too. What is personal goes everywhere in such an event: it may be
 * theirs, also beside the object that names them.
 *
 * The erasure and what takes new events in both go by this, so that they agree. Of several users it
 * makes the same, in whatever order they are erased.
 *
 * @param event at a depth that the webhook has bounded
 */
export function withoutMentions<T extends NewEvent>(event: T, isMeant: IsUser): T {
  const fields = definitionByName.get(event.type)?.fields ?? {};
  const typeName = isTypeOfUser() ? UNKNOWN : event.typeName;
  const isNamed =
    typeName !== event.typeName ||
    cleanedPayload(event.payload) !== event.payload ||
    cleanedExtra(event.extra) !== event.extra;
  if (!isNamed) return event;
  // Before the names are replaced: an id under a personal key must not affect its siblings.
  const payload = cleanedPayload(withoutPersonal(event.payload));
  if (event.userId === null) return { ...event, typeName, payload: declared(payload), extra: null };
  const extra = cleanedExtra(event.extra && withoutPersonal(event.extra));
  return { ...event, typeName, payload, extra };

  function cleanedPayload(payload: JsonObject): JsonObject {
    return cleaned(payload, (key) => (Object.hasOwn(fields, key) ? fields[key]?.kind : undefined));
  }

  function cleanedExtra(extra: JsonObject | null): JsonObject | null {
    return extra && (namesDirectly(extra) ? null : cleaned(extra));
  }

  /** The replacement itself is not an id, which ends the search. */
  function isUser(id: string): boolean {
    return id !== ERASED && isMeant(id);
  }

  function isTypeOfUser(): boolean {
    if (event.type !== UNKNOWN) return false;
    for (const word of wordsOf(event.typeName, MIN_TELLING_LENGTH)) if (isUser(word)) return true;
    return false;
  }

  function isName(key: string, value: JsonValue): boolean {
    if (!isId(value)) return false;
    const text = String(value);
    return (text.length >= MIN_TELLING_LENGTH || isUserKey(key)) && isUser(text);
  }

  function isNameAsKey(key: string): boolean {
    return key.length >= MIN_TELLING_LENGTH && isUser(key);
  }

  function namesDirectly(object: JsonObject): boolean {
    return Object.entries(object).some(([key, value]) => isNameAsKey(key) || holdsName(key, value));
  }

  /** In the value itself, or in nested lists. */
  function holdsName(key: string, value: JsonValue): boolean {
    return Array.isArray(value) ? value.some((item) => holdsName(key, item)) : isName(key, value);
  }

  /** Cleans one object: replaces ids and reduces nested values. */
  function cleaned(
    object: JsonObject,
    kindOf: (key: string) => FieldKind | undefined = () => undefined,
  ): JsonObject {
    let changed = false;
    const members: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(object)) {
      const kind = kindOf(key);
      const isOwnKey = kind === undefined && isNameAsKey(key);
      const isOther = kind !== undefined && OTHER_KINDS.has(kind);
      const kept = isOwnKey ? ERASED : isOther ? value : cleanedValue(key, value);
      if (isOwnKey || kept !== value) changed = true;
      members.push([isOwnKey ? ERASED : key, kept]);
    }
    // Not by assignment: a key may be `__proto__`.
    return changed ? Object.fromEntries(members) : object;
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
