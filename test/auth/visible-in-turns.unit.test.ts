import { expect, test } from 'vitest';
import type { Viewer } from '../../src/auth/viewer.ts';
import { visibleInTurns, visiblePayload } from '../../src/auth/visible-payload.ts';
import type { StoredEvent } from '../../src/catalog/event.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { workSlices } from '../../src/memory/work-slices.ts';
import { parsedEvent } from '../utils/parsed-event.ts';

const viewerOf = (userId: string | null, ...scopes: string[]): Viewer => ({
  userId,
  scopes: new Set(scopes),
  expiresAtMs: 0,
});
const viewers = [viewerOf(null, 'events:read'), viewerOf('u'), viewerOf(null, 'pii:read')];

function eventOf(payload: JsonObject): StoredEvent {
  const body = { type: 'app_opened', occurred_on: '2026-01-01T00:00:00Z', payload, more: payload };
  return { ...parsedEvent(Buffer.from(JSON.stringify(body))), position: 1 };
}

const keys = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `hotel${index}`,
      index % 2 ? 'x' : { mail: 'a@b' },
    ]),
  );
const shapes: [string, JsonObject][] = [
  ['many keys', { user_id: 'u', email: 'a@b', ...keys(20_000) }],
  ['a nested object', { user_id: 'u', a: { b: { user_id: 'u', email: 'a@b', ...keys(20_000) } } }],
  ['a list', { user_id: 'u', a: Array.from({ length: 20_000 }, () => ({ type: 'email', v: 1 })) }],
];

test.each(shapes)(
  'a large payload of %s is prepared in turns, once, with the same result',
  async (_, payload) => {
    for (const viewer of viewers) {
      const event = eventOf(payload);
      const before = workSlices.waits();
      const [one, other] = await Promise.all([
        visibleInTurns(viewer, event, 'payload'),
        visibleInTurns(viewer, event, 'payload'),
      ]);
      expect(one).toBe(other);
      expect(one).toEqual(visiblePayload(viewer, eventOf(payload)));
      if (viewer.scopes.has('pii:read')) expect(one).toBe(event.payload);
      else expect(workSlices.waits() - before).toBeGreaterThan(2);
      // From now on it is known.
      expect(visibleInTurns(viewer, event, 'payload')).toBe(one);
      expect(await visibleInTurns(viewer, event, 'extra')).toEqual({ more: expect.anything() });
    }
  },
);

test('a small one is prepared at once', () => {
  const event = eventOf({ user_id: 'u', a: { email: 'a@b', b: 1 } });
  for (const viewer of viewers.slice(0, 2)) {
    expect(visibleInTurns(viewer, event, 'payload')).toEqual({ user_id: 'u', a: { b: 1 } });
  }
  expect(visibleInTurns(viewerOf('u'), { ...event, extra: null }, 'extra')).toBeNull();
});
