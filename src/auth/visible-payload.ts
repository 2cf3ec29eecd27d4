import type { StoredEvent } from '../catalog/event.ts';
import { isPersonalKey } from '../catalog/is-personal-key.ts';
import type { JsonObject, JsonValue } from '../catalog/json.ts';
import { maySeePersonal, type Viewer } from './viewer.ts';

/** By the payload as sent: an event goes to many viewers, and is looked through once. */
const impersonal = new WeakMap<JsonObject, JsonObject>();

/**
 * The payload of an event that the viewer may see: whole, or without what is personal, at any
 * depth. What holds nothing personal is the same object.
 */
export function visiblePayload(
  viewer: Viewer,
  { payload, userId }: Pick<StoredEvent, 'payload' | 'userId'>,
): JsonObject {
  if (maySeePersonal(viewer, { userId })) return payload;
  const known = impersonal.get(payload) ?? withoutPersonal(payload);
  impersonal.set(payload, known);
  return known;
}

function withoutPersonal(object: JsonObject): JsonObject {
  let changed = false;
  const members: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(object)) {
    const kept = isPersonalKey(key) ? undefined : reduced(value);
    if (kept !== value) changed = true;
    if (kept !== undefined) members.push([key, kept]);
  }
  // Not by assignment: a key may be `__proto__`.
  return changed ? Object.fromEntries(members) : object;
}

function reduced(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map(reduced);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  return typeof value === 'object' && value !== null ? withoutPersonal(value) : value;
}
