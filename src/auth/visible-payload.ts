import type { StoredEvent } from '../catalog/event.ts';
import type { JsonObject } from '../catalog/json.ts';
import { withoutPersonal } from '../catalog/personal/without-personal.ts';
import { maySeeAllPersonal, maySeePersonal, type Viewer } from './viewer.ts';

/** Payloads as others see them, by the stored payload: one event is shown to many viewers. */
const cacheForOthers = new WeakMap<JsonObject, JsonObject>();
/** Payloads as the event's own user sees them, by the stored payload. */
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
  if (maySeeAllPersonal(viewer)) return payload;
  const isOwn = userId !== null && maySeePersonal(viewer, { userId });
  const cache = isOwn ? cacheForOwner : cacheForOthers;
  const visible = cache.get(payload) ?? withoutPersonal(payload, isOwn ? userId : undefined);
  cache.set(payload, visible);
  return visible;
}
