import { useQuery, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
import { graphql } from './generated/gql.ts';
import type { LiveEventsSubscription } from './generated/graphql.ts';

const MOST_SHOWN = 200;

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

/** The latest events and those that come, newest first, each once. */
export function LiveEvents() {
  const [live, setLive] = useState<Shown[]>([]);
  // The log is the cache, for both.
  const page = useQuery(LATEST, { fetchPolicy: 'no-cache' });
  const stored = page.data?.events;
  const { error: liveError } = useSubscription(LIVE, {
    // From where the page ends: nothing can fall between the two.
    variables: { after: stored?.reached ?? '' },
    skip: stored === undefined,
    // Of several at once `data` would show the last one alone.
    fetchPolicy: 'no-cache',
    onData({ data: { data } }) {
      if (data) setLive((before) => [data.events, ...before].slice(0, MOST_SHOWN));
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
