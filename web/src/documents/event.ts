import { graphql } from '../generated/gql.ts';
import type { EventPageQuery } from '../generated/graphql.ts';

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

export type EventOfPage = NonNullable<EventPageQuery['event']>;
