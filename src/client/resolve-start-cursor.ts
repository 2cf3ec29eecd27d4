import type { ConnectionRequest } from './connection.ts';
import { ConnectionLostError, toFailure } from './connection-lost-error.ts';
import { graphql } from './generated/gql.ts';
import type { EventFilter, EventsClientPlaceQuery } from './generated/graphql.ts';
import { type Fetch, postGraphql, refusalOf } from './post-graphql.ts';

/** What a subscription asks first: where the log ends, or what waits behind its cursor. */
export const PLACE = graphql(/* GraphQL */ `
  query EventsClientPlace($filter: EventFilter, $after: String, $resumes: Boolean!) {
    head @skip(if: $resumes)
    events(filter: $filter, after: $after, last: 1) @include(if: $resumes) {
      reached
      edges {
        cursor
      }
    }
  }
`);

/** Where a subscription goes on, and what lies before it. */
export interface Place {
  /** Never undefined: a connection that is lost before its first event misses nothing. */
  after: string;
  /** The last event that waits behind `after`; undefined when none does. */
  last: string | undefined;
}

/**
 * Asks by HTTP, before each subscription: without `after` for the log's head, so that there is a
 * cursor from the start; with it for the last event that matches and is not seen yet. Cursors have
 * no order that a client could read, so that event is the one honest mark of having caught up.
 *
 * Where none waits the place moves on to where the server has looked: so a cursor does not grow old,
 * and is not removed by retention, only because its reader's events are rare.
 */
export async function resolveStartCursor(
  fetch: Fetch,
  connection: Pick<ConnectionRequest, 'endpoint' | 'token'>,
  { filter, after }: { filter: EventFilter; after: string | undefined },
  signal: AbortSignal,
): Promise<Place> {
  const variables = { filter, after: after ?? null, resumes: after !== undefined };
  const response = await postGraphql(
    fetch,
    { ...connection, query: PLACE.toString(), variables },
    'application/graphql-response+json, application/json',
    signal,
  );
  if (!response.ok) throw await refusalOf(response);
  const { data, errors } = (await response.json()) as {
    data?: EventsClientPlaceQuery | null;
    errors?: unknown;
  };
  if (errors) throw toFailure(errors);
  const last = data?.events?.edges.at(-1)?.cursor;
  const start = last === undefined ? (data?.events?.reached ?? data?.head) : after;
  if (start === undefined) throw new ConnectionLostError('lost', 'The answer has no data.');
  return { after: start, last };
}
