import type { ConnectionRequest } from './connection.ts';
import { ConnectionLostError, toFailure } from './connection-lost-error.ts';
import type { EventFilter, EventsClientPlaceQuery } from './generated/graphql.ts';
import { type Fetch, postGraphql, refusalOf } from './post-graphql.ts';
import { readJson } from './read-bounded.ts';

/** Queries the head of the log or, to resume, the last matching event after a cursor. */
export const START_CURSOR_QUERY = /* GraphQL */ `
  query EventsClientPlace($filter: EventFilter, $after: String, $resumes: Boolean!) {
    head @skip(if: $resumes)
    events(filter: $filter, after: $after, last: 1) @include(if: $resumes) {
      reached
      edges {
        cursor
      }
    }
  }
`;

/** Where a subscription starts, and what it must replay. */
export interface Place {
  /** Always defined, so that a connection lost before its first event misses nothing. */
  after: string;
  /** The cursor of the last matching event after `after`; undefined when there is none. */
  last: string | undefined;
}

/**
 * Asks over HTTP before each subscription. Without `after` it returns the head of the log. With it,
 * it also finds the last matching event not seen yet: clients cannot compare cursors, so that event
 * is the only reliable mark of having caught up.
 *
 * If no event follows, the cursor advances to the position up to which the server has searched. The
 * cursor of a subscription with rare events therefore does not expire by retention.
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
    { ...connection, query: START_CURSOR_QUERY, variables },
    'application/graphql-response+json, application/json',
    signal,
  );
  if (!response.ok) throw await refusalOf(response);
  const { data, errors } = Object(await readJson(response)) as {
    data?: EventsClientPlaceQuery | null;
    errors?: unknown;
  };
  if (errors) throw toFailure(errors);
  const last = data?.events?.edges.at(-1)?.cursor;
  const start = last === undefined ? (data?.events?.reached ?? data?.head) : after;
  if (start === undefined) throw new ConnectionLostError('lost', 'The answer has no data.');
  return { after: start, last };
}
