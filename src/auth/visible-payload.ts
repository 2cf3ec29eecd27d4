import type { StoredEvent } from '../catalog/event.ts';
import type { JsonObject } from '../catalog/json.ts';
import { withoutPersonal } from '../catalog/personal/without-personal.ts';
import { maySeeAllPersonal, maySeePersonal, type Viewer } from './viewer.ts';

/** By the payload as sent: an event goes to many viewers, and is looked through once. */
const ofNobody = new WeakMap<JsonObject, JsonObject>();
const ofOwner = new WeakMap<JsonObject, JsonObject>();

/**
 * The payload of an event that the viewer may see: whole, or without what is personal, at any
 * depth. The event's own user sees what is certainly theirs (`withoutPersonal`) and nothing personal
 * else. What holds nothing to hide is the same object.
 */
export function visiblePayload(
  viewer: Viewer,
  { payload, userId }: Pick<StoredEvent, 'payload' | 'userId'>,
): JsonObject {
  if (maySeeAllPersonal(viewer)) return payload;
  const isOwn = userId !== null && maySeePersonal(viewer, { userId });
  const seen = isOwn ? ofOwner : ofNobody;
  const known = seen.get(payload) ?? withoutPersonal(payload, isOwn ? userId : undefined);
  seen.set(payload, known);
  return known;
}
