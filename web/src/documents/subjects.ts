import { graphql } from '../generated/gql.ts';

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
    }
  }
`);

/** A query of its own: if the lists cannot be read, the user is shown nevertheless. */
export const USER_DEVICES = graphql(/* GraphQL */ `
  query UserDevices($id: ID!) {
    user(id: $id) {
      installations(last: 20) {
        pageInfo {
          hasPreviousPage
        }
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

/** The contact in the user's last first login; asked only with the right to see it. */
export const USER_CONTACT = graphql(/* GraphQL */ `
  query UserContact($id: ID!) {
    events(filter: { userIds: [$id], types: [USER_FIRST_LOGGED_IN] }, last: 1) {
      edges {
        node {
          id
          ... on UserFirstLoggedIn {
            email
            mobilePhone
            mobilePhonePrefix
          }
        }
      }
    }
  }
`);

export const INSTALLATION_PAGE = graphql(/* GraphQL */ `
  query InstallationPage($id: UUID!) {
    installation(id: $id) {
      installationId
      initialOsName
      initialOsVersion
      initialDeviceModel
      languageCode
      countryCode
      createdOn
      uninstalledOn
      firstSeen
      lastSeen
      eventCounts {
        type
        count
        lastOn
      }
    }
  }
`);

export const INSTALLATION_USERS = graphql(/* GraphQL */ `
  query InstallationUsers($id: UUID!) {
    installation(id: $id) {
      users(last: 20) {
        pageInfo {
          hasPreviousPage
        }
        edges {
          node {
            userId
            currentStatus
            lastSeen
          }
        }
      }
    }
  }
`);

export const MESSAGE_PAGE = graphql(/* GraphQL */ `
  query MessagePage($id: UUID!) {
    message(id: $id) {
      messageId
      sentOn
      readOn
      readDelaySeconds
      speciality
      professionalId
      userId
    }
  }
`);
