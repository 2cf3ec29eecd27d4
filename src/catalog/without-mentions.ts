import { definitionByName, UNKNOWN } from './catalog.ts';
import type { NewEvent } from './event.ts';
import type { FieldKind } from './field.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { isId, isUserKey, MIN_TELLING_LENGTH } from './users-named.ts';
import { wordsOf } from './words-of.ts';

/** What stands where an erased user was named in an event about somebody else. */
export const ERASED = 'erased';

/**
 * Declared fields in which no user is named: a professional's number that is like a user's is none,
 * and a text in its place would be no value of the field.
 */
const OTHER_KINDS: ReadonlySet<FieldKind> = new Set(['integer', 'status', 'uuid']);

/** Tells whether a text is the id of a user who is to be found no more. */
export type IsUser = (id: string) => boolean;

/**
 * An event about somebody else, or about nobody, without the users that are meant: the same object
 * where it names none of them.
 *
 * An object inside of the payload that names one is about them: all else in it goes as well. Of the
 * payload itself only the name goes if the event has a user; if it has none, the whole event is about
 * them, and all goes that the catalog does not declare. A name of a type that holds the id goes too.
 *
 * The erasure and what takes new events in both go by this, so that they agree.
 *
 * @param event at a depth that the webhook has bounded
 */
export function withoutMentions<T extends NewEvent>(event: T, isUser: IsUser): T {
  const fields = definitionByName.get(event.type)?.fields ?? {};
  const payload = cleaned(event.payload, (key) =>
    Object.hasOwn(fields, key) ? fields[key]?.kind : undefined,
  );
  const extra = event.extra && (namesDirectly(event.extra) ? null : cleaned(event.extra));
  const typeName = isTypeOfUser() ? UNKNOWN : event.typeName;
  if (payload === event.payload && extra === event.extra && typeName === event.typeName) {
    return event;
  }
  if (event.userId === null) return { ...event, typeName, payload: declared(payload), extra: null };
  return { ...event, typeName, payload, extra };

  function isTypeOfUser(): boolean {
    if (event.type !== UNKNOWN) return false;
    for (const word of wordsOf(event.typeName, MIN_TELLING_LENGTH)) if (isUser(word)) return true;
    return false;
  }

  function isName(key: string, value: JsonValue): boolean {
    if (!isId(value)) return false;
    const text = String(value);
    return (isUserKey(key) || text.length >= MIN_TELLING_LENGTH) && isUser(text);
  }

  function namesDirectly(object: JsonObject): boolean {
    return Object.entries(object).some(([key, value]) =>
      Array.isArray(value) ? value.some((item) => isName(key, item)) : isName(key, value),
    );
  }

  /** One object: names replaced, what hangs below reduced. */
  function cleaned(
    object: JsonObject,
    kindOf: (key: string) => FieldKind | undefined = () => undefined,
  ): JsonObject {
    let changed = false;
    const members: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(object)) {
      const kind = kindOf(key);
      const isOwnKey = kind === undefined && key.length >= MIN_TELLING_LENGTH && isUser(key);
      const isOther = kind !== undefined && OTHER_KINDS.has(kind);
      const kept = isOwnKey ? ERASED : isOther ? value : cleanedValue(key, value);
      if (kept !== value) changed = true;
      members.push([isOwnKey ? ERASED : key, kept]);
    }
    // Not by assignment: a key may be `__proto__`.
    return changed ? Object.fromEntries(members) : object;
  }

  function cleanedValue(key: string, value: JsonValue): JsonValue {
    if (Array.isArray(value)) {
      const items = value.map((item) => cleanedValue(key, item));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (typeof value !== 'object' || value === null) return isName(key, value) ? ERASED : value;
    return namesDirectly(value) ? { user_id: ERASED } : cleaned(value);
  }

  function declared(object: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(object).filter(([key]) => Object.hasOwn(fields, key)));
  }
}
