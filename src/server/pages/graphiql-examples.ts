import type { GraphiqlTab } from './graphiql.ts';

/**
 * The user of the sender's examples, which `eventline send` posts; `eventline seed` creates others,
 * starting at 99000000L.
 */
const USER = '32402404G';

/**
 * The operations that GraphiQL opens at a first visit: live and latest events first, then the most
 * frequent questions of support, product and engineering.
 */
export const graphiqlExamples: readonly GraphiqlTab[] = [
  {
    query: `# Live: run this, then send an event
# and watch it arrive. Name a user in the
# variables to see only theirs.
subscription LiveEvents($userIds: [ID!]) {
  events(filter: { userIds: $userIds }) {
    cursor
    typeName
    occurredOn
    userId
    payload
  }
}
`,
    variables: `{
  "userIds": null
}
`,
  },
  {
    query: `# The ten latest events: "last" counts
# from the end of the log.
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
    query: `# Support: what happened to this user?
query UserStory($userId: ID!) {
  user(id: $userId) {
    firstSeen
    lastSeen
    currentStatus
    statusHistory {
      status
      since
    }
    currentCoverageName
    eventCounts {
      type
      count
      lastOn
    }
    installations(last: 5) {
      edges {
        node {
          initialOsName
          createdOn
          uninstalledOn
        }
      }
    }
    events(last: 20) {
      edges {
        node {
          typeName
          occurredOn
          payload
        }
      }
    }
  }
}
`,
    variables: `{
  "userId": "${USER}"
}
`,
  },
  {
    query: `# Support: which messages are unread
# after a day? Continue with "after".
query UnreadMessages($olderThan: Duration!, $after: String) {
  messages(
    filter: { unread: true, olderThan: $olderThan }
    first: 20
    after: $after
  ) {
    edges {
      node {
        messageId
        sentOn
        speciality
        professionalId
        user {
          userId
          currentStatus
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: `{
  "olderThan": "P1D",
  "after": null
}
`,
  },
  {
    query: `# Product: how many messages a day, by
# speciality?
query MessagesPerDay($timeZone: String!) {
  eventCounts(
    filter: { types: [MESSAGE_SENT] }
    by: [DAY, SPECIALITY]
    timeZone: $timeZone
  ) {
    rows {
      day
      speciality
      count
    }
  }
}
`,
    variables: `{
  "timeZone": "Europe/Madrid"
}
`,
  },
  {
    query: `# Product: how many users are active a day?
query ActiveUsers($timeZone: String!) {
  eventCounts(by: [DAY], timeZone: $timeZone) {
    rows {
      day
      users
      count
    }
  }
}
`,
    variables: `{
  "timeZone": "Europe/Madrid"
}
`,
  },
  {
    query: `# Product: how long do messages wait until
# they are read?
query ReadDelays($specialities: [String!]) {
  readDelays(
    by: [SPECIALITY]
    filter: { specialities: $specialities }
  ) {
    speciality
    sent
    read
    p50: percentile(percent: 50)
    p95: percentile(percent: 95)
  }
}
`,
    variables: `{
  "specialities": null
}
`,
  },
  {
    query: `# Product: who installs the app, and how
# many lead to a login?
query Installs {
  firstLogins(by: [OS, COUNTRY]) {
    osName
    countryCode
    installations
    loggedIn
    share
    p50: percentile(percent: 50)
  }
}
`,
  },
  {
    query: `# Product: which plans do users change to,
# and who did last?
query PlanChanges($timeZone: String!) {
  eventCounts(
    filter: { types: [USER_STATUS_CHANGED] }
    by: [WEEK, STATUS]
    timeZone: $timeZone
  ) {
    rows {
      week
      status
      count
      users
    }
  }
  events(filter: { types: [USER_STATUS_CHANGED] }, last: 10) {
    edges {
      node {
        occurredOn
        userId
        ... on UserStatusChanged {
          fromStatus
          toStatus
        }
      }
    }
  }
}
`,
    variables: `{
  "timeZone": "Europe/Madrid"
}
`,
  },
  {
    query: `# Engineering: the last event, how it arrived,
# and whom it is about. For another one use
# event(id: "an id of LatestEvents").
query OneEvent {
  events(last: 1) {
    edges {
      node {
        id
        typeName
        occurredOn
        receivedAt
        payload
        delivery {
          repeats
        }
        user {
          userId
          currentStatus
          lastSeen
        }
        installation {
          initialOsName
          countryCode
        }
      }
    }
  }
}
`,
  },
  {
    query: `# Engineering: what arrived that we did not
# understand? Needs events:admin too.
query NotUnderstood {
  unknownEventTypes {
    name
    count
    firstSeen
    lastSeen
  }
  quarantine(last: 10) {
    edges {
      node {
        digest
        problem
        detail
        count
        lastAt
      }
    }
  }
  eventTypes {
    name
    undeclaredFields
  }
}
`,
  },
];
