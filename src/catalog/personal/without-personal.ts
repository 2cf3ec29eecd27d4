import { namesAnother, namesOnly } from '../erased/users-named.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isPersonalKey } from './is-personal-key.ts';

/**
 * An object without what is personal, at any depth; the same one where nothing is.
 *
 * @param owner whose object it is: what is personal in it stays, unless it names somebody else by a
 *   key of users as well. In an object below it that stays only if that object itself names the
 *   owner so, and nobody else: who is meant by anything else is a guess. Left out: all goes
 */
export function withoutPersonal(object: JsonObject, owner?: string): JsonObject {
  return cleaned(object, owner !== undefined && !namesAnother(owner, object));

  function cleaned(from: JsonObject, isOwners: boolean): JsonObject {
    let changed = false;
    const members: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(from)) {
      const isKept = !isPersonalKey(key) || (isOwners && isOfOwner(value));
      const kept = isKept ? cleanedValue(value) : undefined;
      if (kept !== value) changed = true;
      if (kept !== undefined) members.push([key, kept]);
    }
    // Not by assignment: a key may be `__proto__`.
    return changed ? Object.fromEntries(members) : from;
  }

  function cleanedValue(value: JsonValue): JsonValue {
    if (Array.isArray(value)) {
      const items = value.map(cleanedValue);
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    return cleaned(value, owner !== undefined && namesOnly(owner, value));
  }

  /** False for objects under a personal key that are not the owner's by what they say. */
  function isOfOwner(value: JsonValue): boolean {
    if (Array.isArray(value)) return value.every(isOfOwner);
    if (typeof value !== 'object' || value === null) return true;
    return owner !== undefined && namesOnly(owner, value);
  }
}
