import { useQuery, useSubscription } from 'urql';
import { graphql } from './generated/gql.ts';
import type { LiveEventsSubscription } from './generated/graphql.ts';

const MAX_SHOWN = 200;

const LATEST = graphql(/* GraphQL */ `
  query LatestEvents {
    events(last: 20) {
      reached
      edges {
        node {
          __typename
          cursor
          typeName
          occurredOn
          userId
          ... on MessageSent {
            speciality
          }
        }
      }
    }
  }
`);

const LIVE = graphql(/* GraphQL */ `
  subscription LiveEvents($after: String!) {
    events(after: $after) {
      __typename
      cursor
      typeName
      occurredOn
      userId
      ... on MessageSent {
        speciality
      }
    }
  }
`);

type Shown = LiveEventsSubscription['events'];

/** Shows the latest events and new ones, newest first. */
export function LiveEvents() {
  const [page] = useQuery({ query: LATEST });
  const stored = page.data?.events;
  // Continues where the page ends, so no event falls in between.
  const [live] = useSubscription(
    { query: LIVE, variables: { after: stored?.reached ?? '' }, pause: stored === undefined },
    (before: Shown[] = [], { events }) => [events, ...before].slice(0, MAX_SHOWN),
  );
  const error = page.error ?? live.error;
  if (error) return <p role="alert">{error.message}</p>;
  const older = stored?.edges.map(({ node }) => node).reverse() ?? [];
  return (
    <ol>
      {[...(live.data ?? []), ...older].map((event) => (
        <li key={event.cursor} data-cursor={event.cursor}>
          <time dateTime={event.occurredOn}>{event.occurredOn}</time> {event.typeName}{' '}
          {event.userId} {event.__typename === 'MessageSent' && event.speciality}
        </li>
      ))}
    </ol>
  );
}
