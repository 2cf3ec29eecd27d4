import { useQuery, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
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
  const [live, setLive] = useState<Shown[]>([]);
  // The server's log replaces Apollo's cache.
  const page = useQuery(LATEST, { fetchPolicy: 'no-cache' });
  const stored = page.data?.events;
  const { error: liveError } = useSubscription(LIVE, {
    // Continues where the page ends, so no event falls in between.
    variables: { after: stored?.reached ?? '' },
    skip: stored === undefined,
    // `data` would show only the last of several events that arrive at once.
    fetchPolicy: 'no-cache',
    onData({ data: { data } }) {
      if (data) setLive((before) => [data.events, ...before].slice(0, MAX_SHOWN));
    },
  });
  const error = page.error ?? liveError;
  if (error) return <p role="alert">{error.message}</p>;
  const older = stored?.edges.map(({ node }) => node).reverse() ?? [];
  return (
    <ol>
      {[...live, ...older].map((event) => (
        <li key={event.cursor} data-cursor={event.cursor}>
          <time dateTime={event.occurredOn}>{event.occurredOn}</time> {event.typeName}{' '}
          {event.userId} {event.__typename === 'MessageSent' && event.speciality}
        </li>
      ))}
    </ol>
  );
}
