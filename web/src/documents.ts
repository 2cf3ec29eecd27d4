import { graphql } from './generated/gql.ts';
import type { StreamEventFragment } from './generated/graphql.ts';

/**
 * A row of the list. No payload, which may be large, since about 10,000 rows are kept. No personal
 * fields, since a viewer without the scope would get an error instead of events.
 */
export const STREAM_EVENT = graphql(/* GraphQL */ `
  fragment StreamEvent on Event {
    id
    cursor
    type
    typeName
    occurredOn
    userId
    installationId
    ... on MessageSent {
      speciality
    }
    ... on MessageRead {
      speciality
    }
    ... on InstallationCreated {
      osName
      osVersion
      deviceModel
    }
    ... on UserLoggedIn {
      status
    }
    ... on UserFirstLoggedIn {
      status
    }
    ... on UserStatusChanged {
      fromStatus
      toStatus
    }
    ... on MalformedEvent {
      faults
    }
  }
`);

export type StreamEvent = StreamEventFragment;

/** A page of the list from its end: the newest events, or those before a cursor. */
export const LIST_PAGE = graphql(/* GraphQL */ `
  query ListPage($filter: EventFilter, $last: Int!, $before: String) {
    events(filter: $filter, last: $last, before: $before) {
      reached
      pageInfo {
        hasPreviousPage
      }
      edges {
        node {
          ...StreamEvent
        }
      }
    }
  }
`);

/** The events after a page of the list. */
export const LIST_LIVE = graphql(/* GraphQL */ `
  subscription ListLive($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
      ...StreamEvent
    }
  }
`);

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

export const MINUTE_COUNTS = graphql(/* GraphQL */ `
  query MinuteCounts($filter: EventFilter, $after: String) {
    eventCounts(filter: $filter, by: [MINUTE, TYPE], after: $after) {
      reached
      rows {
        minute
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

export const USER_PAGE = graphql(/* GraphQL */ `
  query UserPage($id: ID!) {
    user(id: $id) {
      userId
      currentStatus
      currentStatusCode
      firstSeen
      lastSeen
      currentCoverageName
      statusHistory {
        status
        since
        cursor
      }
      eventCounts {
        type
        count
        lastOn
      }
      installations(last: 20) {
        edges {
          node {
            installationId
            initialOsName
            initialOsVersion
            initialDeviceModel
            languageCode
            countryCode
            createdOn
            uninstalledOn
            lastSeen
          }
        }
      }
    }
  }
`);

/** The fields of all types, and those of each type. */
export const EVENT_PAGE = graphql(/* GraphQL */ `
  query EventPage($id: ID!) {
    event(id: $id) {
      __typename
      id
      cursor
      type
      typeName
      occurredOn
      receivedAt
      userId
      installationId
      payload
      envelope
      delivery {
        receivedAt
        repeats
        lastRepeatedAt
      }
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
      ... on InstallationCreated {
        osName
        osVersion
        deviceModel
        languageCode
        countryCode
      }
      ... on UserLoggedIn {
        status
        statusCode
      }
      ... on UserFirstLoggedIn {
        status
        statusCode
        mobilePhone
        mobilePhonePrefix
        email
        coverageName
      }
      ... on UserStatusChanged {
        fromStatus
        fromStatusCode
        toStatus
        toStatusCode
      }
      ... on MalformedEvent {
        faults
      }
    }
  }
`);
