import { namesAnother, namesOnly } from '../erased/users-named.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isPersonalKey, isPersonalLabel, isPlainKey } from './is-personal-key.ts';

/**
 * Returns an object without personal values, at any depth; the same object if it has none. A
 * value is personal under a personal key or beside a label: `value` in `{ type: "email", value }`
 * and in `["email", value]`.
 *
 * Personal values of `owner` are kept:
 * - at the top, unless a key such as `user_id` names another user;
 * - in a nested object, only if it names the owner and no other user;
 * - never beside a label in a pair, which names no user.
 *
 * @param owner the object's user; undefined: all personal values are removed
 */
export function withoutPersonal(object: JsonObject, owner?: string): JsonObject {
  return cleaned(object, owner !== undefined && !namesAnother(owner, object));

  function cleaned(from: JsonObject, isOwners: boolean): JsonObject {
    const keys = Object.keys(from);
    const isLabelled = keys.some((key) => isLabel(key, from[key] as JsonValue));
    /** The kept members, once one was changed. */
    let members: [string, JsonValue][] | undefined;
    for (const [index, key] of keys.entries()) {
      const value = from[key] as JsonValue;
      const isLabelledValue = isLabelled && !isPlainField(key, value) && !namesKind(value);
      const isPersonal = isLabelledValue || isPersonalKey(key);
      const isKept = !isPersonal || (isOwners && isOfOwner(value));
      const kept = isKept ? cleanedValue(value) : undefined;
      if (kept !== value) {
        members ??= keys.slice(0, index).map((earlier) => [earlier, from[earlier] as JsonValue]);
      }
      if (kept !== undefined) members?.push([key, kept]);
    }
    // Not by assignment: a key may be `__proto__`.
    return members ? Object.fromEntries(members) : from;
  }

  function cleanedValue(value: JsonValue): JsonValue {
    if (Array.isArray(value)) {
      if (value.length === 2 && value.some(isPersonalLabel)) return cleanedPair(value);
      const items = value.map(cleanedValue);
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    return cleaned(value, owner !== undefined && namesOnly(owner, value));
  }

  /** Removes the value beside a label, also for the owner: a pair does not name its user. */
  function cleanedPair(pair: JsonValue[]): JsonValue[] {
    return pair.every(isPersonalLabel) ? pair : pair.filter(isPersonalLabel);
  }

  /** Returns false for an object that does not name the owner, or that names another user too. */
  function isOfOwner(value: JsonValue): boolean {
    if (Array.isArray(value)) return value.every(isOfOwner);
    if (typeof value !== 'object' || value === null) return true;
    return owner !== undefined && namesOnly(owner, value);
  }
}

/**
 * Returns true for a key that the catalog declares as not personal, with a scalar value. Declared
 * fields are texts and numbers, so a list or object under that key is not the declared field.
 */
function isPlainField(key: string, value: JsonValue): boolean {
  return isPlainKey(key) && typeof value !== 'object';
}

function isLabel(key: string, value: JsonValue): boolean {
  return namesKind(value) && !isPlainKey(key);
}

/** A label, or an object that holds labels only: `field` in `{ field: { name: "email" }, value }`. */
function namesKind(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return isPersonalLabel(value);
  }
  const members = Object.values(value);
  return members.length > 0 && members.every(isPersonalLabel);
}
