/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query ReceivedBefore($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      edges {\n        cursor\n        node {\n          receivedAt\n        }\n      }\n    }\n  }\n": typeof types.ReceivedBeforeDocument,
    "\n  query Counts($filter: EventFilter, $by: [EventDimension!]!, $after: String) {\n    eventCounts(filter: $filter, by: $by, after: $after) {\n      reached\n      rows {\n        minute\n        hour\n        type\n        count\n      }\n    }\n  }\n": typeof types.CountsDocument,
    "\n  subscription CountsLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      cursor\n      type\n      occurredOn\n    }\n  }\n": typeof types.CountsLiveDocument,
    "\n  query Quarantine($last: Int!, $before: String) {\n    quarantine(last: $last, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      edges {\n        cursor\n        node {\n          digest\n          problem\n          detail\n          firstAt\n          lastAt\n          count\n          sizeBytes\n        }\n      }\n    }\n  }\n": typeof types.QuarantineDocument,
    "\n  query QuarantinedBody($last: Int!, $before: String) {\n    quarantine(last: $last, before: $before) {\n      edges {\n        node {\n          digest\n          raw\n        }\n      }\n    }\n  }\n": typeof types.QuarantinedBodyDocument,
    "\n  mutation RetryQuarantined($digests: [String!]!) {\n    retryQuarantined(digests: $digests) {\n      digest\n      status\n      detail\n    }\n  }\n": typeof types.RetryQuarantinedDocument,
    "\n  mutation DropQuarantined($digests: [String!]!) {\n    dropQuarantined(digests: $digests)\n  }\n": typeof types.DropQuarantinedDocument,
    "\n  query Malformed {\n    malformedEvents {\n      examined\n      events {\n        id\n        type\n        typeName\n        occurredOn\n        receivedAt\n        userId\n        ... on MalformedEvent {\n          faults\n        }\n      }\n    }\n  }\n": typeof types.MalformedDocument,
    "\n  query EventPage($id: ID!) {\n    event(id: $id) {\n      __typename\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n      envelope\n      delivery {\n        receivedAt\n        repeats\n        lastRepeatedAt\n      }\n      ... on MessageSent {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on MessageRead {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on InstallationCreated {\n        osName\n        osVersion\n        deviceModel\n        languageCode\n        countryCode\n      }\n      ... on UserLoggedIn {\n        status\n        statusCode\n      }\n      ... on UserFirstLoggedIn {\n        status\n        statusCode\n        mobilePhone\n        mobilePhonePrefix\n        email\n        coverageName\n      }\n      ... on UserStatusChanged {\n        fromStatus\n        fromStatusCode\n        toStatus\n        toStatusCode\n      }\n      ... on MalformedEvent {\n        faults\n      }\n    }\n  }\n": typeof types.EventPageDocument,
    "\n  query Health($today: DateTime!) {\n    health {\n      isDatabaseUp\n      lastReceivedAt\n      storedToday: storedSince(since: $today)\n      feedLagPositions\n      feedLagSeconds\n      listsLagPositions\n      listsLagSeconds\n      quarantined\n    }\n    malformedEvents {\n      examined\n      events {\n        id\n      }\n    }\n  }\n": typeof types.HealthDocument,
    "\n  fragment StreamEvent on Event {\n    id\n    cursor\n    type\n    typeName\n    occurredOn\n    userId\n    installationId\n    ... on MessageSent {\n      messageId\n      speciality\n      professionalId\n    }\n    ... on MessageRead {\n      messageId\n      speciality\n      professionalId\n    }\n    ... on InstallationCreated {\n      osName\n      osVersion\n      deviceModel\n      countryCode\n    }\n    ... on UserLoggedIn {\n      status\n    }\n    ... on UserFirstLoggedIn {\n      status\n      coverageName\n    }\n    ... on UserStatusChanged {\n      fromStatus\n      toStatus\n    }\n    ... on MalformedEvent {\n      faults\n    }\n  }\n": typeof types.StreamEventFragmentDoc,
    "\n  query ListPage($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      reached\n      pageInfo {\n        hasPreviousPage\n      }\n      edges {\n        node {\n          ...StreamEvent\n        }\n      }\n    }\n  }\n": typeof types.ListPageDocument,
    "\n  subscription ListLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      ...StreamEvent\n    }\n  }\n": typeof types.ListLiveDocument,
    "\n  query FindUser($id: ID!) {\n    user(id: $id) {\n      currentStatus\n      lastSeen\n    }\n  }\n": typeof types.FindUserDocument,
    "\n  query FindByUuid($id: UUID!) {\n    installation(id: $id) {\n      initialDeviceModel\n      lastSeen\n    }\n    message(id: $id) {\n      speciality\n      sentOn\n      readOn\n    }\n  }\n": typeof types.FindByUuidDocument,
    "\n  query FindEvent($id: ID!) {\n    event(id: $id) {\n      type\n      typeName\n      occurredOn\n    }\n  }\n": typeof types.FindEventDocument,
    "\n  query FindByContact($contact: String!) {\n    usersByContact(contact: $contact, first: 20) {\n      nodes {\n        userId\n        currentStatus\n        lastSeen\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.FindByContactDocument,
    "\n  query UserPage($id: ID!) {\n    user(id: $id) {\n      userId\n      currentStatus\n      currentStatusCode\n      firstSeen\n      lastSeen\n      currentCoverageName\n      statusHistory {\n        status\n        since\n        cursor\n      }\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n    }\n  }\n": typeof types.UserPageDocument,
    "\n  query UserDevices($id: ID!) {\n    user(id: $id) {\n      installations(last: 20) {\n        pageInfo {\n          hasPreviousPage\n        }\n        edges {\n          node {\n            installationId\n            initialOsName\n            initialOsVersion\n            initialDeviceModel\n            languageCode\n            countryCode\n            createdOn\n            uninstalledOn\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n": typeof types.UserDevicesDocument,
    "\n  query UserContact($id: ID!) {\n    events(filter: { userIds: [$id], types: [USER_FIRST_LOGGED_IN] }, last: 1) {\n      edges {\n        node {\n          id\n          ... on UserFirstLoggedIn {\n            email\n            mobilePhone\n            mobilePhonePrefix\n          }\n        }\n      }\n    }\n  }\n": typeof types.UserContactDocument,
    "\n  query InstallationPage($id: UUID!) {\n    installation(id: $id) {\n      installationId\n      initialOsName\n      initialOsVersion\n      initialDeviceModel\n      languageCode\n      countryCode\n      createdOn\n      uninstalledOn\n      firstSeen\n      lastSeen\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n    }\n  }\n": typeof types.InstallationPageDocument,
    "\n  query InstallationUsers($id: UUID!) {\n    installation(id: $id) {\n      users(last: 20) {\n        pageInfo {\n          hasPreviousPage\n        }\n        edges {\n          node {\n            userId\n            currentStatus\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n": typeof types.InstallationUsersDocument,
    "\n  query MessagePage($id: UUID!) {\n    message(id: $id) {\n      messageId\n      sentOn\n      readOn\n      readDelaySeconds\n      speciality\n      professionalId\n      userId\n    }\n  }\n": typeof types.MessagePageDocument,
};
const documents: Documents = {
    "\n  query ReceivedBefore($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      edges {\n        cursor\n        node {\n          receivedAt\n        }\n      }\n    }\n  }\n": types.ReceivedBeforeDocument,
    "\n  query Counts($filter: EventFilter, $by: [EventDimension!]!, $after: String) {\n    eventCounts(filter: $filter, by: $by, after: $after) {\n      reached\n      rows {\n        minute\n        hour\n        type\n        count\n      }\n    }\n  }\n": types.CountsDocument,
    "\n  subscription CountsLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      cursor\n      type\n      occurredOn\n    }\n  }\n": types.CountsLiveDocument,
    "\n  query Quarantine($last: Int!, $before: String) {\n    quarantine(last: $last, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      edges {\n        cursor\n        node {\n          digest\n          problem\n          detail\n          firstAt\n          lastAt\n          count\n          sizeBytes\n        }\n      }\n    }\n  }\n": types.QuarantineDocument,
    "\n  query QuarantinedBody($last: Int!, $before: String) {\n    quarantine(last: $last, before: $before) {\n      edges {\n        node {\n          digest\n          raw\n        }\n      }\n    }\n  }\n": types.QuarantinedBodyDocument,
    "\n  mutation RetryQuarantined($digests: [String!]!) {\n    retryQuarantined(digests: $digests) {\n      digest\n      status\n      detail\n    }\n  }\n": types.RetryQuarantinedDocument,
    "\n  mutation DropQuarantined($digests: [String!]!) {\n    dropQuarantined(digests: $digests)\n  }\n": types.DropQuarantinedDocument,
    "\n  query Malformed {\n    malformedEvents {\n      examined\n      events {\n        id\n        type\n        typeName\n        occurredOn\n        receivedAt\n        userId\n        ... on MalformedEvent {\n          faults\n        }\n      }\n    }\n  }\n": types.MalformedDocument,
    "\n  query EventPage($id: ID!) {\n    event(id: $id) {\n      __typename\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n      envelope\n      delivery {\n        receivedAt\n        repeats\n        lastRepeatedAt\n      }\n      ... on MessageSent {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on MessageRead {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on InstallationCreated {\n        osName\n        osVersion\n        deviceModel\n        languageCode\n        countryCode\n      }\n      ... on UserLoggedIn {\n        status\n        statusCode\n      }\n      ... on UserFirstLoggedIn {\n        status\n        statusCode\n        mobilePhone\n        mobilePhonePrefix\n        email\n        coverageName\n      }\n      ... on UserStatusChanged {\n        fromStatus\n        fromStatusCode\n        toStatus\n        toStatusCode\n      }\n      ... on MalformedEvent {\n        faults\n      }\n    }\n  }\n": types.EventPageDocument,
    "\n  query Health($today: DateTime!) {\n    health {\n      isDatabaseUp\n      lastReceivedAt\n      storedToday: storedSince(since: $today)\n      feedLagPositions\n      feedLagSeconds\n      listsLagPositions\n      listsLagSeconds\n      quarantined\n    }\n    malformedEvents {\n      examined\n      events {\n        id\n      }\n    }\n  }\n": types.HealthDocument,
    "\n  fragment StreamEvent on Event {\n    id\n    cursor\n    type\n    typeName\n    occurredOn\n    userId\n    installationId\n    ... on MessageSent {\n      messageId\n      speciality\n      professionalId\n    }\n    ... on MessageRead {\n      messageId\n      speciality\n      professionalId\n    }\n    ... on InstallationCreated {\n      osName\n      osVersion\n      deviceModel\n      countryCode\n    }\n    ... on UserLoggedIn {\n      status\n    }\n    ... on UserFirstLoggedIn {\n      status\n      coverageName\n    }\n    ... on UserStatusChanged {\n      fromStatus\n      toStatus\n    }\n    ... on MalformedEvent {\n      faults\n    }\n  }\n": types.StreamEventFragmentDoc,
    "\n  query ListPage($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      reached\n      pageInfo {\n        hasPreviousPage\n      }\n      edges {\n        node {\n          ...StreamEvent\n        }\n      }\n    }\n  }\n": types.ListPageDocument,
    "\n  subscription ListLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      ...StreamEvent\n    }\n  }\n": types.ListLiveDocument,
    "\n  query FindUser($id: ID!) {\n    user(id: $id) {\n      currentStatus\n      lastSeen\n    }\n  }\n": types.FindUserDocument,
    "\n  query FindByUuid($id: UUID!) {\n    installation(id: $id) {\n      initialDeviceModel\n      lastSeen\n    }\n    message(id: $id) {\n      speciality\n      sentOn\n      readOn\n    }\n  }\n": types.FindByUuidDocument,
    "\n  query FindEvent($id: ID!) {\n    event(id: $id) {\n      type\n      typeName\n      occurredOn\n    }\n  }\n": types.FindEventDocument,
    "\n  query FindByContact($contact: String!) {\n    usersByContact(contact: $contact, first: 20) {\n      nodes {\n        userId\n        currentStatus\n        lastSeen\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.FindByContactDocument,
    "\n  query UserPage($id: ID!) {\n    user(id: $id) {\n      userId\n      currentStatus\n      currentStatusCode\n      firstSeen\n      lastSeen\n      currentCoverageName\n      statusHistory {\n        status\n        since\n        cursor\n      }\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n    }\n  }\n": types.UserPageDocument,
    "\n  query UserDevices($id: ID!) {\n    user(id: $id) {\n      installations(last: 20) {\n        pageInfo {\n          hasPreviousPage\n        }\n        edges {\n          node {\n            installationId\n            initialOsName\n            initialOsVersion\n            initialDeviceModel\n            languageCode\n            countryCode\n            createdOn\n            uninstalledOn\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n": types.UserDevicesDocument,
    "\n  query UserContact($id: ID!) {\n    events(filter: { userIds: [$id], types: [USER_FIRST_LOGGED_IN] }, last: 1) {\n      edges {\n        node {\n          id\n          ... on UserFirstLoggedIn {\n            email\n            mobilePhone\n            mobilePhonePrefix\n          }\n        }\n      }\n    }\n  }\n": types.UserContactDocument,
    "\n  query InstallationPage($id: UUID!) {\n    installation(id: $id) {\n      installationId\n      initialOsName\n      initialOsVersion\n      initialDeviceModel\n      languageCode\n      countryCode\n      createdOn\n      uninstalledOn\n      firstSeen\n      lastSeen\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n    }\n  }\n": types.InstallationPageDocument,
    "\n  query InstallationUsers($id: UUID!) {\n    installation(id: $id) {\n      users(last: 20) {\n        pageInfo {\n          hasPreviousPage\n        }\n        edges {\n          node {\n            userId\n            currentStatus\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n": types.InstallationUsersDocument,
    "\n  query MessagePage($id: UUID!) {\n    message(id: $id) {\n      messageId\n      sentOn\n      readOn\n      readDelaySeconds\n      speciality\n      professionalId\n      userId\n    }\n  }\n": types.MessagePageDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReceivedBefore($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      edges {\n        cursor\n        node {\n          receivedAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReceivedBeforeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Counts($filter: EventFilter, $by: [EventDimension!]!, $after: String) {\n    eventCounts(filter: $filter, by: $by, after: $after) {\n      reached\n      rows {\n        minute\n        hour\n        type\n        count\n      }\n    }\n  }\n"): typeof import('./graphql.js').CountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CountsLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      cursor\n      type\n      occurredOn\n    }\n  }\n"): typeof import('./graphql.js').CountsLiveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Quarantine($last: Int!, $before: String) {\n    quarantine(last: $last, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      edges {\n        cursor\n        node {\n          digest\n          problem\n          detail\n          firstAt\n          lastAt\n          count\n          sizeBytes\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').QuarantineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query QuarantinedBody($last: Int!, $before: String) {\n    quarantine(last: $last, before: $before) {\n      edges {\n        node {\n          digest\n          raw\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').QuarantinedBodyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryQuarantined($digests: [String!]!) {\n    retryQuarantined(digests: $digests) {\n      digest\n      status\n      detail\n    }\n  }\n"): typeof import('./graphql.js').RetryQuarantinedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DropQuarantined($digests: [String!]!) {\n    dropQuarantined(digests: $digests)\n  }\n"): typeof import('./graphql.js').DropQuarantinedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Malformed {\n    malformedEvents {\n      examined\n      events {\n        id\n        type\n        typeName\n        occurredOn\n        receivedAt\n        userId\n        ... on MalformedEvent {\n          faults\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').MalformedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EventPage($id: ID!) {\n    event(id: $id) {\n      __typename\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n      envelope\n      delivery {\n        receivedAt\n        repeats\n        lastRepeatedAt\n      }\n      ... on MessageSent {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on MessageRead {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on InstallationCreated {\n        osName\n        osVersion\n        deviceModel\n        languageCode\n        countryCode\n      }\n      ... on UserLoggedIn {\n        status\n        statusCode\n      }\n      ... on UserFirstLoggedIn {\n        status\n        statusCode\n        mobilePhone\n        mobilePhonePrefix\n        email\n        coverageName\n      }\n      ... on UserStatusChanged {\n        fromStatus\n        fromStatusCode\n        toStatus\n        toStatusCode\n      }\n      ... on MalformedEvent {\n        faults\n      }\n    }\n  }\n"): typeof import('./graphql.js').EventPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Health($today: DateTime!) {\n    health {\n      isDatabaseUp\n      lastReceivedAt\n      storedToday: storedSince(since: $today)\n      feedLagPositions\n      feedLagSeconds\n      listsLagPositions\n      listsLagSeconds\n      quarantined\n    }\n    malformedEvents {\n      examined\n      events {\n        id\n      }\n    }\n  }\n"): typeof import('./graphql.js').HealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StreamEvent on Event {\n    id\n    cursor\n    type\n    typeName\n    occurredOn\n    userId\n    installationId\n    ... on MessageSent {\n      messageId\n      speciality\n      professionalId\n    }\n    ... on MessageRead {\n      messageId\n      speciality\n      professionalId\n    }\n    ... on InstallationCreated {\n      osName\n      osVersion\n      deviceModel\n      countryCode\n    }\n    ... on UserLoggedIn {\n      status\n    }\n    ... on UserFirstLoggedIn {\n      status\n      coverageName\n    }\n    ... on UserStatusChanged {\n      fromStatus\n      toStatus\n    }\n    ... on MalformedEvent {\n      faults\n    }\n  }\n"): typeof import('./graphql.js').StreamEventFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListPage($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      reached\n      pageInfo {\n        hasPreviousPage\n      }\n      edges {\n        node {\n          ...StreamEvent\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ListPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ListLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      ...StreamEvent\n    }\n  }\n"): typeof import('./graphql.js').ListLiveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindUser($id: ID!) {\n    user(id: $id) {\n      currentStatus\n      lastSeen\n    }\n  }\n"): typeof import('./graphql.js').FindUserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindByUuid($id: UUID!) {\n    installation(id: $id) {\n      initialDeviceModel\n      lastSeen\n    }\n    message(id: $id) {\n      speciality\n      sentOn\n      readOn\n    }\n  }\n"): typeof import('./graphql.js').FindByUuidDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindEvent($id: ID!) {\n    event(id: $id) {\n      type\n      typeName\n      occurredOn\n    }\n  }\n"): typeof import('./graphql.js').FindEventDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindByContact($contact: String!) {\n    usersByContact(contact: $contact, first: 20) {\n      nodes {\n        userId\n        currentStatus\n        lastSeen\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): typeof import('./graphql.js').FindByContactDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UserPage($id: ID!) {\n    user(id: $id) {\n      userId\n      currentStatus\n      currentStatusCode\n      firstSeen\n      lastSeen\n      currentCoverageName\n      statusHistory {\n        status\n        since\n        cursor\n      }\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n    }\n  }\n"): typeof import('./graphql.js').UserPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UserDevices($id: ID!) {\n    user(id: $id) {\n      installations(last: 20) {\n        pageInfo {\n          hasPreviousPage\n        }\n        edges {\n          node {\n            installationId\n            initialOsName\n            initialOsVersion\n            initialDeviceModel\n            languageCode\n            countryCode\n            createdOn\n            uninstalledOn\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').UserDevicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UserContact($id: ID!) {\n    events(filter: { userIds: [$id], types: [USER_FIRST_LOGGED_IN] }, last: 1) {\n      edges {\n        node {\n          id\n          ... on UserFirstLoggedIn {\n            email\n            mobilePhone\n            mobilePhonePrefix\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').UserContactDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query InstallationPage($id: UUID!) {\n    installation(id: $id) {\n      installationId\n      initialOsName\n      initialOsVersion\n      initialDeviceModel\n      languageCode\n      countryCode\n      createdOn\n      uninstalledOn\n      firstSeen\n      lastSeen\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n    }\n  }\n"): typeof import('./graphql.js').InstallationPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query InstallationUsers($id: UUID!) {\n    installation(id: $id) {\n      users(last: 20) {\n        pageInfo {\n          hasPreviousPage\n        }\n        edges {\n          node {\n            userId\n            currentStatus\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').InstallationUsersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MessagePage($id: UUID!) {\n    message(id: $id) {\n      messageId\n      sentOn\n      readOn\n      readDelaySeconds\n      speciality\n      professionalId\n      userId\n    }\n  }\n"): typeof import('./graphql.js').MessagePageDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
