import { EventlineError } from '../errors.ts';
import type { Filter } from '../log/read/filter.ts';

/** What a scope of a token allows beyond one's own events. */
export const scopes = {
  /** Everybody's events. */
  readAll: 'events:read',
  /** Phone, e-mail and the like. */
  personal: 'pii:read',
  /** Quarantine and erasure. */
  admin: 'events:admin',
} as const;

/** Who reads, as their token says. */
export interface Viewer {
  /** The user at the sender whose events are the viewer's own; null for a tool. */
  readonly userId: string | null;
  readonly scopes: ReadonlySet<string>;
  /** From when on the token is taken no longer, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

type Owned = { readonly userId: string | null };

/** What a viewer may do at all, whatever the event: the scopes of the schema. */
export function rightsOf(viewer: Viewer): { reader: boolean; admin: boolean } {
  return {
    /** Sees events: everybody's or their own. */
    reader: viewer.scopes.has(scopes.readAll) || viewer.userId !== null,
    admin: viewer.scopes.has(scopes.admin),
  };
}

/** True when the viewer may see an event of this user (null: of nobody). */
export function maySee(viewer: Viewer, event: Owned): boolean {
  return viewer.scopes.has(scopes.readAll) || isOwn(viewer, event);
}

/** True when the viewer may see what is personal of the user of an event that they may see. */
export function maySeePersonal(viewer: Viewer, event: Owned): boolean {
  return maySeeAllPersonal(viewer) || isOwn(viewer, event);
}

/** True when the viewer may see what is personal, whoever's it is. */
export function maySeeAllPersonal(viewer: Viewer): boolean {
  return viewer.scopes.has(scopes.personal);
}

/**
 * A viewer to whom everything here gives the same answers, made of nothing else than what they depend
 * on: for as many viewers as possible the same one, as `key` tells. It never expires, so it is for
 * looking at events that a viewer was let in for, and lets nobody in itself.
 */
export function toAccessProfile(viewer: Viewer): { key: string; viewer: Viewer } {
  const held = Object.values(scopes).filter((scope) => viewer.scopes.has(scope));
  // Who sees everything of everybody sees no more of their own.
  const seesAll = held.includes(scopes.readAll) && held.includes(scopes.personal);
  const userId = seesAll ? null : viewer.userId;
  return {
    key: JSON.stringify([held, userId]),
    viewer: { userId, scopes: new Set(held), expiresAtMs: Number.POSITIVE_INFINITY },
  };
}

function isOwn(viewer: Viewer, event: Owned): boolean {
  return viewer.userId !== null && event.userId === viewer.userId;
}

/** What is said to a token with which no event can be seen. */
export function seesNothing(): EventlineError {
  return new EventlineError(
    'FORBIDDEN',
    `This token sees no events: it names no user and has no scope ${scopes.readAll}.`,
  );
}

/**
 * Narrows a filter to what the viewer may see; every list, page, look-up, replay and live event
 * goes through here.
 *
 * @throws EventlineError FORBIDDEN when it asks for another user's events, or the token names
 *   neither a user nor the scope
 */
export function narrow(viewer: Viewer, filter: Filter): Filter {
  if (viewer.scopes.has(scopes.readAll)) return filter;
  const { userId } = viewer;
  if (userId === null) throw seesNothing();
  if (filter.userIds?.some((wanted) => wanted !== userId)) {
    throw new EventlineError(
      'FORBIDDEN',
      `filter.userIds: without the scope ${scopes.readAll} only the token's own user can be asked for.`,
    );
  }
  return { ...filter, userIds: filter.userIds?.length === 0 ? [] : [userId] };
}
