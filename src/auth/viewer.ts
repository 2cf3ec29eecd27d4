import { EventlineError } from '../errors.ts';
import type { Filter } from '../log/filter.ts';

/** What a scope of the token's `scope` claim allows beyond one's own events. */
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
}

/** True when the viewer may see an event of this user (null: of nobody). */
export function maySee(viewer: Viewer, event: { userId: string | null }): boolean {
  if (viewer.scopes.has(scopes.readAll)) return true;
  return viewer.userId !== null && event.userId === viewer.userId;
}

/**
 * Narrows a filter to what the viewer may see; every list, page, replay and live event goes
 * through here.
 *
 * @throws EventlineError FORBIDDEN when it asks for another user's events, or the token names
 *   neither a user nor the scope
 */
export function narrow(viewer: Viewer, filter: Filter): Filter {
  if (viewer.scopes.has(scopes.readAll)) return filter;
  const { userId } = viewer;
  if (userId === null) {
    throw new EventlineError(
      'FORBIDDEN',
      `This token sees no events: it names no user and has no scope ${scopes.readAll}.`,
    );
  }
  if (filter.userIds?.some((wanted) => wanted !== userId)) {
    throw new EventlineError(
      'FORBIDDEN',
      `filter.userIds: without the scope ${scopes.readAll} only the token's own user can be asked for.`,
    );
  }
  return { ...filter, userIds: filter.userIds?.length === 0 ? [] : [userId] };
}
