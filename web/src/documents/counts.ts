import { graphql } from '../generated/gql.ts';

/** The last event received before a moment, or others before it: where counting may start. */
export const RECEIVED_BEFORE = graphql(/* GraphQL */ `
  query ReceivedBefore($filter: EventFilter, $last: Int!, $before: String) {
    events(filter: $filter, last: $last, before: $before) {
      edges {
        cursor
        node {
          receivedAt
        }
      }
    }
  }
`);

/** Counts by type, and by minute or hour. */
export const COUNTS = graphql(/* GraphQL */ `
  query Counts($filter: EventFilter, $by: [EventDimension!]!, $after: String) {
    eventCounts(filter: $filter, by: $by, after: $after) {
      reached
      rows {
        minute
        hour
        type
        count
      }
    }
  }
`);

/** The fields that counting needs of each live event. */
export const COUNTS_LIVE = graphql(/* GraphQL */ `
  subscription CountsLive($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
      cursor
      type
      occurredOn
    }
  }
`);
