import { graphql } from '../generated/gql.ts';

export const QUARANTINE = graphql(/* GraphQL */ `
  query Quarantine($last: Int!, $before: String) {
    quarantine(last: $last, before: $before) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      edges {
        cursor
        node {
          digest
          problem
          detail
          firstAt
          lastAt
          count
          sizeBytes
        }
      }
    }
  }
`);

/** The bytes of one delivery: it is the first after the cursor before it. */
export const QUARANTINED_BODY = graphql(/* GraphQL */ `
  query QuarantinedBody($last: Int!, $before: String) {
    quarantine(last: $last, before: $before) {
      edges {
        node {
          digest
          raw
        }
      }
    }
  }
`);

export const RETRY = graphql(/* GraphQL */ `
  mutation RetryQuarantined($digests: [String!]!) {
    retryQuarantined(digests: $digests) {
      digest
      status
      detail
    }
  }
`);

export const DROP = graphql(/* GraphQL */ `
  mutation DropQuarantined($digests: [String!]!) {
    dropQuarantined(digests: $digests)
  }
`);

export const MALFORMED = graphql(/* GraphQL */ `
  query Malformed {
    malformedEvents {
      examined
      events {
        id
        type
        typeName
        occurredOn
        receivedAt
        userId
        ... on MalformedEvent {
          faults
        }
      }
    }
  }
`);
