import type { EventFilter } from '../../../src/client/create-events-client.ts';
import { ask, type QueryOptions } from '../data/ask.ts';
import { RECEIVED_BEFORE } from '../documents/counts.ts';
import type { Session } from '../session/create-session.ts';

/** Tolerated difference between the clocks of senders and of this browser, in milliseconds. */
const CLOCKS_MS = 10 * 60_000;
const NEIGHBOURS = 200;

/**
 * Finds a cursor after which everything of a range that ends now was received, so that the server
 * counts the range and not the whole log.
 *
 * Events retried from quarantine have much later positions than others of the same time. If one of
 * them precedes the cursor, no cursor is reliable.
 *
 * @param rangeMs length of the range, in milliseconds
 * @returns null when the whole log must be counted
 */
export async function findStart(
  session: Session,
  filter: EventFilter,
  rangeMs: number,
  options: QueryOptions,
): Promise<string | null> {
  const nowMs = session.now();
  const until = new Date(nowMs - rangeMs - CLOCKS_MS).toISOString();
  const earlier = { ...filter, receivedAt: { until } };
  const found = await ask(
    session,
    RECEIVED_BEFORE,
    { filter: earlier, last: 1, before: null },
    options,
  );
  // The answer contained the server's time.
  if (Math.abs(session.now() - nowMs) > CLOCKS_MS)
    return findStart(session, filter, rangeMs, options);
  const cursor = found.data.events.edges[0]?.cursor;
  if (cursor === undefined) return null;
  const before = await ask(
    session,
    RECEIVED_BEFORE,
    { filter, last: NEIGHBOURS, before: cursor },
    options,
  );
  const isInOrder = before.data.events.edges.every(({ node }) => node.receivedAt < until);
  return isInOrder ? cursor : null;
}
