import type { StoredEvent } from '../catalog/event.ts';
import type { JsonObject } from '../catalog/json.ts';
import { withoutPersonal } from '../catalog/personal/without-personal.ts';
import { maySeeAllPersonal, maySeePersonal, type Viewer } from './viewer.ts';

/** Cached by payload object: one event is shown to many viewers. */
const withoutOwner = new WeakMap<JsonObject, JsonObject>();
const ofOwner = new WeakMap<JsonObject, JsonObject>();

/**
 * Returns the payload that the viewer may see: whole, or without personal values at any depth. The
 * event's own user sees the values that are certainly theirs (`withoutPersonal`). A payload without
 * hidden values is returned as the same object.
 */
export function visiblePayload(
  viewer: Viewer,
  { payload, userId }: Pick<StoredEvent, 'payload' | 'userId'>,
): JsonObject {
  if (maySeeAllPersonal(viewer)) return payload;
  const isOwn = userId !== null && maySeePersonal(viewer, { userId });
  const seen = isOwn ? ofOwner : withoutOwner;
  const known = seen.get(payload) ?? withoutPersonal(payload, isOwn ? userId : undefined);
  seen.set(payload, known);
  return known;
}
