import { EventlineError } from '../errors.ts';
import type { Filter } from '../log/read/filter.ts';

/** What each scope allows beyond the viewer's own events. */
export const scopes = {
  /** Read the events of all users. */
  readAll: 'events:read',
  /** Read personal fields such as phone and e-mail. */
  personal: 'pii:read',
  /** Administer the quarantine and erase users. */
  admin: 'events:admin',
} as const;

/** The reader, as the token identifies them. */
export interface Viewer {
  /** The sender's user id whose events belong to the viewer; null for a tool. */
  readonly userId: string | null;
  readonly scopes: ReadonlySet<string>;
  /** When the token expires, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** Identifies the sign-in whose page asked for the token, if it is of one. */
  readonly signInId?: string | undefined;
}

type Owned = { readonly userId: string | null };

/** What a viewer may do independently of an event: the auth scopes of the schema. */
export function rightsOf(viewer: Viewer): { reader: boolean; admin: boolean } {
  return {
    /** May read events: those of all users or their own. */
    reader: viewer.scopes.has(scopes.readAll) || viewer.userId !== null,
    admin: viewer.scopes.has(scopes.admin),
  };
}

/** Returns true when the viewer may see an event of this user (null: an event without a user). */
export function maySee(viewer: Viewer, event: Owned): boolean {
  return viewer.scopes.has(scopes.readAll) || isOwn(viewer, event);
}

/**
 * Returns true when the viewer may see the personal fields of the user of an event they may see.
 */
export function maySeePersonal(viewer: Viewer, event: Owned): boolean {
  return maySeeAllPersonal(viewer) || isOwn(viewer, event);
}

/** Returns true when the viewer may see the personal fields of all users. */
export function maySeeAllPersonal(viewer: Viewer): boolean {
  return viewer.scopes.has(scopes.personal);
}

/**
 * Returns the access profile of a viewer: a viewer with the same answers from all functions here,
 * identical for as many viewers as possible, as `key` tells. It never expires; it serves to render
 * events for viewers that were already authorised and must not authorise anyone itself.
 */
export function toAccessProfile(viewer: Viewer): { key: string; viewer: Viewer } {
  const held = Object.values(scopes).filter((scope) => viewer.scopes.has(scope));
  // A viewer who sees everything gains nothing from an own user id.
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

/** The error for a token that can see no event. */
export function noVisibleEvents(): EventlineError {
  return new EventlineError(
    'FORBIDDEN',
    `This token sees no events: it names no user and has no scope ${scopes.readAll}.`,
  );
}

/**
 * Narrows a filter to what the viewer may see. Every list, page, look-up, replay and live event
 * passes through here.
 *
 * @throws EventlineError FORBIDDEN when the filter names another user, or the token has neither a
 * user nor the scope
 */
export function narrow(viewer: Viewer, filter: Filter): Filter {
  if (viewer.scopes.has(scopes.readAll)) return filter;
  const { userId } = viewer;
  if (userId === null) throw noVisibleEvents();
  if (filter.userIds?.some((requested) => requested !== userId)) {
    throw new EventlineError(
      'FORBIDDEN',
      `filter.userIds: without the scope ${scopes.readAll} only the token's own user is allowed.`,
    );
  }
  return { ...filter, userIds: filter.userIds?.length === 0 ? [] : [userId] };
}
