import { definitionByName } from './catalog.ts';
import type { NewEvent } from './event.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { isUserKey, MIN_TELLING_LENGTH } from './users-named.ts';

/** What stands where an erased user was named in an event about somebody else. */
export const ERASED = 'erased';

/** Tells whether a text is the id of a user who is to be found no more. */
export type IsUser = (id: string) => boolean;

/**
 * An event about somebody else, or about nobody, without the users that are meant: the same object
 * where it names none of them.
 *
 * An object inside of the payload that names one is about them: all else in it goes as well. Of the
 * payload itself only the name goes if the event has a user; if it has none, the whole event is about
 * them, and all goes that the catalog does not declare.
 *
 * @param event at a depth that the webhook has bounded
 */
export function withoutMentions<T extends NewEvent>(event: T, isUser: IsUser): T {
  const payload = cleaned(event.payload);
  const extra = event.extra && (namesDirectly(event.extra) ? null : cleaned(event.extra));
  if (payload === event.payload && extra === event.extra) return event;
  if (event.userId === null) return { ...event, payload: declared(payload), extra: null };
  return { ...event, payload, extra };

  function isName(key: string, value: JsonValue): boolean {
    if (typeof value !== 'string' && typeof value !== 'number') return false;
    const text = String(value);
    if (isUserKey(key)) return isUser(text);
    return typeof value === 'string' && text.length >= MIN_TELLING_LENGTH && isUser(text);
  }

  function namesDirectly(object: JsonObject): boolean {
    return Object.entries(object).some(([key, value]) =>
      Array.isArray(value) ? value.some((item) => isName(key, item)) : isName(key, value),
    );
  }

  /** One object: names replaced, what hangs below reduced. */
  function cleaned(object: JsonObject): JsonObject {
    let changed = false;
    const members: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(object)) {
      const isOwnKey = key.length >= MIN_TELLING_LENGTH && isUser(key);
      const kept = isOwnKey ? ERASED : cleanedValue(key, value);
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
    const fields = definitionByName.get(event.type)?.fields ?? {};
    return Object.fromEntries(Object.entries(object).filter(([key]) => Object.hasOwn(fields, key)));
  }
}
