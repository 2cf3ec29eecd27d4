import type { JsonObject, JsonValue } from '../json.ts';
import { holdsPersonalItem, namesKind, withoutPersonal } from '../personal/without-personal.ts';
import { namesUser } from './users-named.ts';

/** Replaces the id of an erased user in another user's event. */
export const ERASED = 'erased';

/**
 * Returns an object of an event that mentions an erased user without data that may belong to that
 * user: personal data, and each nested object or list that contains personal data and names no user.
 * Returns the same object if there is nothing to remove.
 */
export function withoutPeople(object: JsonObject): JsonObject {
  return withoutPersonal(reduced(object));
}

function reduced(object: JsonObject): JsonObject {
  let changed = false;
  const members: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(object)) {
    const kept = reducedValue(value);
    if (kept !== value) changed = true;
    members.push([key, kept]);
  }
  // Not by assignment: a key may be `__proto__`.
  return changed ? Object.fromEntries(members) : object;
}

function reducedValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return listsPersonal(value) ? [ERASED] : reducedItems(value);
  if (typeof value !== 'object' || value === null) return value;
  return holdsPersonal(value) && !namesUser(value) ? { user_id: ERASED } : reduced(value);
}

/** Reduces the objects of a list that itself holds nothing personal, also in nested lists. */
function reducedItems(list: JsonValue[]): JsonValue[] {
  const items = list.map((item) => (Array.isArray(item) ? reducedItems(item) : reducedValue(item)));
  return items.some((item, index) => item !== list[index]) ? items : list;
}

/** Considers the list and nested lists. */
function listsPersonal(list: JsonValue[]): boolean {
  return holdsPersonalItem(list) || list.some((item) => Array.isArray(item) && listsPersonal(item));
}

/** Considers the object's own members, and lists in it. */
function holdsPersonal(object: JsonObject): boolean {
  const members = Object.entries(object).filter(([, value]) => value !== null);
  if (members.some(([, value]) => Array.isArray(value) && listsPersonal(value))) return true;
  // Nested values count only as labels of the others.
  const own = members.map(([key, value]) => [
    key,
    typeof value === 'object' && !namesKind(value) ? [] : value,
  ]);
  return Object.keys(withoutPersonal(Object.fromEntries(own))).length < members.length;
}
