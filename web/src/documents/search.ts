import { graphql } from '../generated/gql.ts';

/** What may have been typed, each looked up on its own. */
export const FIND_USER = graphql(/* GraphQL */ `
  query FindUser($id: ID!) {
    user(id: $id) {
      currentStatus
      lastSeen
    }
  }
`);

export const FIND_BY_UUID = graphql(/* GraphQL */ `
  query FindByUuid($id: UUID!) {
    installation(id: $id) {
      initialDeviceModel
      lastSeen
    }
    message(id: $id) {
      speciality
      sentOn
      readOn
    }
  }
`);

export const FIND_EVENT = graphql(/* GraphQL */ `
  query FindEvent($id: ID!) {
    event(id: $id) {
      type
      typeName
      occurredOn
    }
  }
`);

/** The contact is sent as a variable, and never in an address. */
export const FIND_BY_CONTACT = graphql(/* GraphQL */ `
  query FindByContact($contact: String!) {
    usersByContact(contact: $contact, first: 20) {
      nodes {
        userId
        currentStatus
        lastSeen
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);
