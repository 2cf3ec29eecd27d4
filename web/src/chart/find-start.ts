import type { EventFilter } from '../../../src/client/create-events-client.ts';
import { type AskOptions, ask } from '../data/ask.ts';
import { RECEIVED_BEFORE } from '../documents.ts';
import type { Session } from '../session/create-session.ts';

/** Clocks of senders and of this browser may be off by as much, in milliseconds. */
const CLOCKS_MS = 10 * 60_000;
const HOUR_MS = 60 * 60_000;
const NEIGHBOURS = 200;

/**
 * Finds a cursor from which on everything was received that happened in the last hour: then the hour
 * is counted and not the whole log.
 *
 * Events that were retried from quarantine stand far behind their neighbours of the same time. If
 * there is one among those before the cursor, there is no cursor to rely on.
 *
 * @returns null when the whole log must be counted
 */
export async function findStart(
  session: Session,
  filter: EventFilter,
  options: AskOptions,
): Promise<string | null> {
  const nowMs = session.now();
  const until = new Date(nowMs - HOUR_MS - CLOCKS_MS).toISOString();
  const earlier = { ...filter, receivedAt: { until } };
  const found = await ask(
    session,
    RECEIVED_BEFORE,
    { filter: earlier, last: 1, before: null },
    options,
  );
  // The answer has told what time it is at the server.
  if (Math.abs(session.now() - nowMs) > CLOCKS_MS) return findStart(session, filter, options);
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
