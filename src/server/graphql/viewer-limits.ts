import { createHash } from 'node:crypto';
import type { Authenticate } from '../../auth/authenticate.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { describeLimit, type LimitName, type Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';

/** Releases what was counted; repeated calls have no effect. */
export type Release = () => void;

/** Counts what each viewer holds open, over all transports. */
export interface ViewerLimits {
  /**
   * Wraps an authentication so that its viewers can be counted. A viewer with a user id is counted
   * by user, and a person by their sign-in, whatever the token; a tool by its token, so that tools
   * do not share one limit.
   */
  identify(authenticate: Authenticate): Authenticate;
  /** Counts a connection. @throws EventlineError RATE_LIMITED */
  connect(viewer: Viewer): Release;
  /** Returns the key under which a viewer is counted. */
  keyOf(viewer: Viewer): string;
  /** Counts a query or a mutation. @throws EventlineError RATE_LIMITED */
  query(viewer: Viewer): Release;
  /**
   * Counts a subscription. A large one counts as several, since its request is kept as long as it is
   * open; a viewer may always have one.
   *
   * @param requestBytes about the size of its document and variables
   * @throws EventlineError RATE_LIMITED
   */
  subscribe(viewer: Viewer, requestBytes?: number): Release;
  /** Number of counted connections and subscriptions of all viewers. */
  open(): { connections: number; subscriptions: number };
}

/** A subscription counts once for each of these bytes of its request. */
const COUNTED_BYTES = 16 * 1024;

/** Creates the counters. */
export function createViewerLimits(limits: Limits): ViewerLimits {
  const keys = new WeakMap<Viewer, string>();
  const connections = createCounter(limits, 'maxConnectionsPerViewer', 'connections');
  const queries = createCounter(limits, 'maxQueriesPerViewer', 'queries');
  const subscriptions = createCounter(limits, 'maxSubscriptionsPerViewer', 'subscriptions');
  const keyOf = (viewer: Viewer) => keys.get(viewer) ?? ownKey(viewer, undefined);
  return {
    identify: (authenticate) => async (authorization) => {
      const viewer = await authenticate(authorization);
      keys.set(viewer, ownKey(viewer, authorization));
      return viewer;
    },
    keyOf,
    connect: (viewer) => connections.take(keyOf(viewer)),
    query: (viewer) => queries.take(keyOf(viewer)),
    subscribe: (viewer, requestBytes = 0) =>
      subscriptions.take(keyOf(viewer), Math.max(1, Math.ceil(requestBytes / COUNTED_BYTES))),
    open: () => ({ connections: connections.total(), subscriptions: subscriptions.total() }),
  };
}

function ownKey({ userId, signInId }: Viewer, authorization: unknown): string {
  if (userId !== null) return `user:${userId}`;
  if (signInId !== undefined) return `sign-in:${signInId}`;
  // Header and claims, which are signed as this text; the signature itself has several encodings.
  const signed = String(authorization)
    .trim()
    .replace(/^\S+\s+/, '')
    .split('.', 2)
    .join('.');
  return `token:${createHash('sha256').update(signed).digest('base64url')}`;
}

function createCounter(limits: Limits, name: LimitName, what: string) {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    total: () => total,
    take(key: string, weight = 1): Release {
      const count = counts.get(key) ?? 0;
      if (count >= limits[name] || (count > 0 && count + weight > limits[name])) {
        throw new EventlineError(
          'RATE_LIMITED',
          `A viewer may have ${describeLimit(limits, name)} ${what} open.`,
        );
      }
      counts.set(key, count + weight);
      total += 1;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        total -= 1;
        const left = (counts.get(key) ?? weight) - weight;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
  };
}
