import type { GraphiqlTab } from './graphiql.ts';

/** The operations that GraphiQL opens at a first visit: the live line in front, then ways to read. */
export const graphiqlExamples: readonly GraphiqlTab[] = [
  {
    query: `# Live: run this, then send an event
# and watch it arrive.
subscription LiveEvents {
  events {
    cursor
    typeName
    occurredOn
    userId
    payload
  }
}
`,
  },
  {
    query: `# The ten latest events: "last" counts
# from the end of the line.
query LatestEvents {
  events(last: 10) {
    edges {
      cursor
      node {
        id
        type
        occurredOn
        receivedAt
        userId
        installationId
      }
    }
  }
}
`,
  },
  {
    query: `# What one user did, oldest first. Put the
# user's id in the variables below.
query EventsOfUser($userId: ID!) {
  events(filter: { userIds: [$userId] }, first: 20) {
    edges {
      node {
        typeName
        occurredOn
        payload
      }
    }
  }
}
`,
    variables: `{
  "userId": "<a userId from LatestEvents>"
}
`,
  },
  {
    query: `# Page by page: copy "endCursor" to the
# variable "after" and run again.
query PageOfEvents($after: String) {
  events(first: 5, after: $after) {
    edges {
      node {
        id
        typeName
        occurredOn
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
`,
    variables: `{
  "after": null
}
`,
  },
  {
    query: `# Replay, then live: all that came after a
# cursor, with no gap and no repeat.
subscription ReplayThenLive($after: String!) {
  events(after: $after) {
    cursor
    typeName
    receivedAt
  }
}
`,
    variables: `{
  "after": "<a cursor from LatestEvents>"
}
`,
  },
  {
    query: `# One event by its id (in the variables).
query EventById($id: ID!) {
  event(id: $id) {
    cursor
    typeName
    occurredOn
    receivedAt
    payload
  }
}
`,
    variables: `{
  "id": "<an id from LatestEvents>"
}
`,
  },
  {
    query: `# Messages with fields of their own: each
# type has those of its payload.
query Messages {
  events(filter: { types: [MESSAGE_SENT, MESSAGE_READ] }, last: 10) {
    edges {
      node {
        occurredOn
        ... on MessageSent {
          messageId
          speciality
          professionalId
        }
        ... on MessageRead {
          messageId
          speciality
          professionalId
        }
      }
    }
  }
}
`,
  },
];
