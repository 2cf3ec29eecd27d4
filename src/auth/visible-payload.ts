import type { StoredEvent } from '../catalog/event.ts';
import type { JsonObject } from '../catalog/json.ts';
import { withoutPersonal } from '../catalog/personal/without-personal.ts';
import { maySeeAllPersonal, maySeePersonal, type Viewer } from './viewer.ts';

/** Objects as others see them, by the stored object: one event is shown to many viewers. */
const cacheForOthers = new WeakMap<JsonObject, JsonObject>();
/** Objects as the event's own user sees them, by the stored object. */
const cacheForOwner = new WeakMap<JsonObject, JsonObject>();

/**
 * Returns the payload as the viewer may see it: unchanged with `pii:read`; for the event's own user,
 * without personal values that may belong to others (`withoutPersonal`); for anyone else, without
 * any personal value. A payload without hidden values is returned as the same object.
 */
export function visiblePayload(
  viewer: Viewer,
  { payload, userId }: Pick<StoredEvent, 'payload' | 'userId'>,
): JsonObject {
  return visible(viewer, payload, userId);
}

/** Returns the undeclared members of the envelope as the viewer may see them, by the same rule. */
export function visibleEnvelope(
  viewer: Viewer,
  { extra, userId }: Pick<StoredEvent, 'extra' | 'userId'>,
): JsonObject | null {
  return extra && visible(viewer, extra, userId);
}

function visible(viewer: Viewer, object: JsonObject, userId: string | null): JsonObject {
  if (maySeeAllPersonal(viewer)) return object;
  const isOwn = userId !== null && maySeePersonal(viewer, { userId });
  const cache = isOwn ? cacheForOwner : cacheForOthers;
  const shown = cache.get(object) ?? withoutPersonal(object, isOwn ? userId : undefined);
  cache.set(object, shown);
  return shown;
}
