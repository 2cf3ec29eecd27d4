import { graphql } from '../generated/gql.ts';

export const HEALTH = graphql(/* GraphQL */ `
  query Health($today: DateTime!) {
    health {
      isDatabaseUp
      lastReceivedAt
      storedToday: storedSince(since: $today)
      feedLagPositions
      feedLagSeconds
      listsLagPositions
      listsLagSeconds
      quarantined
    }
    malformedEvents {
      examined
      events {
        id
      }
    }
  }
`);
