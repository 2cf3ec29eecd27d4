import { graphql } from './generated/gql.ts';

/** What comes, on whatever transport. */
export const LIVE = graphql(/* GraphQL */ `
  subscription Live($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
      __typename
      id
      cursor
      typeName
      userId
      payload
    }
  }
`);

/** What is stored, by pages. */
export const STORED = graphql(/* GraphQL */ `
  query Stored($filter: EventFilter, $first: Int, $after: String) {
    events(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          __typename
          id
          cursor
          typeName
          userId
          payload
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);
