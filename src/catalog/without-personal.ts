import { isPersonalKey } from './is-personal-key.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { usersNamedIn } from './users-named.ts';

/**
 * An object without what is personal, at any depth; the same one where nothing is.
 *
 * @param owner whose object it is: theirs stays, and what is personal goes in the objects below it
 *   that name somebody else by a key of users, and below those. Left out: all goes
 */
export function withoutPersonal(object: JsonObject, owner?: string): JsonObject {
  return cleaned(object, owner === undefined);

  function cleaned(from: JsonObject, isHidden: boolean): JsonObject {
    let changed = false;
    const members: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(from)) {
      const kept = isHidden && isPersonalKey(key) ? undefined : cleanedValue(value, isHidden);
      if (kept !== value) changed = true;
      if (kept !== undefined) members.push([key, kept]);
    }
    // Not by assignment: a key may be `__proto__`.
    return changed ? Object.fromEntries(members) : from;
  }

  function cleanedValue(value: JsonValue, isHidden: boolean): JsonValue {
    if (Array.isArray(value)) {
      const items = value.map((item) => cleanedValue(item, isHidden));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (owner === undefined) return cleaned(value, isHidden);
    // Who is named nearest is whom it is about; where nobody is, the one of the object around it.
    const named = usersNamedIn(value);
    return cleaned(value, named.length === 0 ? isHidden : named.some((id) => id !== owner));
  }
}
