import type { StoredEvent } from '../catalog/event.ts';
import type { JsonObject } from '../catalog/json.ts';
import { withoutPersonal, withoutPersonalInSteps } from '../catalog/personal/without-personal.ts';
import { sizeOf } from '../catalog/size-of.ts';
import { workSlices } from '../memory/work-slices.ts';
import { maySeeAllPersonal, maySeePersonal, type Viewer } from './viewer.ts';

/** Objects of larger events are prepared in turns. Unit: bytes (see `sizeOf`). */
const LARGE_BYTES = 16 * 1024;
/** What a step counts as. */
const STEP_BYTES = 64 * 1024;

/** Objects without their personal values, by the stored object: one event is shown to many viewers. */
interface Shown {
  done: WeakMap<JsonObject, JsonObject>;
  pending: WeakMap<JsonObject, Promise<JsonObject>>;
}
const toOthers: Shown = { done: new WeakMap(), pending: new WeakMap() };
/** As the event's own user sees them. */
const toOwner: Shown = { done: new WeakMap(), pending: new WeakMap() };

/** The work on all large objects of the process. */
const slices = workSlices.open();

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

/**
 * Returns the undeclared members of the envelope as the viewer may see them, by the same rule; null
 * for none.
 */
export function visibleEnvelope(
  viewer: Viewer,
  { extra, userId }: Pick<StoredEvent, 'extra' | 'userId'>,
): JsonObject | null {
  return extra && visible(viewer, extra, userId);
}

/**
 * As `visiblePayload` or `visibleEnvelope`; a promise for a large event, which takes several turns of
 * the event loop.
 */
export function visibleInTurns<Name extends 'payload' | 'extra'>(
  viewer: Viewer,
  event: StoredEvent,
  name: Name,
): StoredEvent[Name] | Promise<JsonObject> {
  const object: JsonObject | null = event[name];
  if (object === null || maySeeAllPersonal(viewer)) return event[name];
  const { shown, owner } = viewOf(viewer, event.userId);
  const known = shown.done.get(object) ?? shown.pending.get(object);
  if (known !== undefined) return known;
  if (sizeOf(event) <= LARGE_BYTES) return visible(viewer, object, event.userId);
  const pending = hideInTurns(object, owner, sizeOf(event)).then((result) => {
    shown.pending.delete(object);
    shown.done.set(object, result);
    return result;
  });
  shown.pending.set(object, pending);
  return pending;
}

function visible(viewer: Viewer, object: JsonObject, userId: string | null): JsonObject {
  if (maySeeAllPersonal(viewer)) return object;
  const { shown, owner } = viewOf(viewer, userId);
  const result = shown.done.get(object) ?? withoutPersonal(object, owner);
  shown.done.set(object, result);
  return result;
}

function viewOf(viewer: Viewer, userId: string | null) {
  const isOwn = userId !== null && maySeePersonal(viewer, { userId });
  return isOwn ? { shown: toOwner, owner: userId } : { shown: toOthers, owner: undefined };
}

async function hideInTurns(
  object: JsonObject,
  owner: string | undefined,
  bytes: number,
): Promise<JsonObject> {
  await slices.spend(bytes);
  const steps = withoutPersonalInSteps(object, owner);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await slices.spend(STEP_BYTES);
  }
}
