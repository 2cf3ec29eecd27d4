import { graphql } from '../generated/gql.ts';
import type { StreamEventFragment } from '../generated/graphql.ts';

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
      countryCode
    }
    ... on UserLoggedIn {
      status
    }
    ... on UserFirstLoggedIn {
      status
      coverageName
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
