import type { EventsClientSubscription } from './generated/graphql.ts';

/**
 * Default selection of a subscription: the common fields, the payload, and the fields of each type.
 * Fields that need a scope of their own are only in the payload, since selecting them would fail
 * without it.
 */
export const EVENTS = /* GraphQL */ `
  subscription EventsClient($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
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
      ... on InstallationCreated {
        osName
        osVersion
        deviceModel
        languageCode
        countryCode
      }
      ... on MessageRead {
        messageId
        speciality
        professionalId
      }
      ... on MessageSent {
        messageId
        speciality
        professionalId
      }
      ... on UserFirstLoggedIn {
        status
        statusCode
        coverageName
      }
      ... on UserLoggedIn {
        status
        statusCode
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
`;

/**
 * An event: a union of all types, discriminated by `__typename`. A newer server may send types that
 * are not in it.
 */
export type EventsClientEvent = EventsClientSubscription['events'];

/**
 * A custom document, typed by codegen (client preset, `documentMode: 'string'`), or a plain string:
 * a subscription with `$filter: EventFilter` and `$after: String`, the single field `events`, and
 * `cursor` selected.
 */
export interface EventsDocument<Event extends { cursor: string }> {
  toString(): string;
  // biome-ignore lint/suspicious/noExplicitAny: a method of any variables, and never called
  __apiType?: ((variables: any) => { events: Event }) | undefined;
}
