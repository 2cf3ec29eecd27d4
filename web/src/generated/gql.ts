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
    "\n  fragment StreamEvent on Event {\n    id\n    cursor\n    type\n    typeName\n    occurredOn\n    userId\n    installationId\n    ... on MessageSent {\n      speciality\n    }\n    ... on MessageRead {\n      speciality\n    }\n    ... on InstallationCreated {\n      osName\n      osVersion\n      deviceModel\n    }\n    ... on UserLoggedIn {\n      status\n    }\n    ... on UserFirstLoggedIn {\n      status\n    }\n    ... on UserStatusChanged {\n      fromStatus\n      toStatus\n    }\n    ... on MalformedEvent {\n      faults\n    }\n  }\n": typeof types.StreamEventFragmentDoc,
    "\n  query ListPage($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      reached\n      pageInfo {\n        hasPreviousPage\n      }\n      edges {\n        node {\n          ...StreamEvent\n        }\n      }\n    }\n  }\n": typeof types.ListPageDocument,
    "\n  subscription ListLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      ...StreamEvent\n    }\n  }\n": typeof types.ListLiveDocument,
    "\n  query ReceivedBefore($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      edges {\n        cursor\n        node {\n          receivedAt\n        }\n      }\n    }\n  }\n": typeof types.ReceivedBeforeDocument,
    "\n  query MinuteCounts($filter: EventFilter, $after: String) {\n    eventCounts(filter: $filter, by: [MINUTE, TYPE], after: $after) {\n      reached\n      rows {\n        minute\n        type\n        count\n      }\n    }\n  }\n": typeof types.MinuteCountsDocument,
    "\n  subscription CountsLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      cursor\n      type\n      occurredOn\n    }\n  }\n": typeof types.CountsLiveDocument,
    "\n  query UserPage($id: ID!) {\n    user(id: $id) {\n      userId\n      currentStatus\n      currentStatusCode\n      firstSeen\n      lastSeen\n      currentCoverageName\n      statusHistory {\n        status\n        since\n        cursor\n      }\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n      installations(last: 20) {\n        edges {\n          node {\n            installationId\n            initialOsName\n            initialOsVersion\n            initialDeviceModel\n            languageCode\n            countryCode\n            createdOn\n            uninstalledOn\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n": typeof types.UserPageDocument,
    "\n  query EventPage($id: ID!) {\n    event(id: $id) {\n      __typename\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n      envelope\n      delivery {\n        receivedAt\n        repeats\n        lastRepeatedAt\n      }\n      ... on MessageSent {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on MessageRead {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on InstallationCreated {\n        osName\n        osVersion\n        deviceModel\n        languageCode\n        countryCode\n      }\n      ... on UserLoggedIn {\n        status\n        statusCode\n      }\n      ... on UserFirstLoggedIn {\n        status\n        statusCode\n        mobilePhone\n        mobilePhonePrefix\n        email\n        coverageName\n      }\n      ... on UserStatusChanged {\n        fromStatus\n        fromStatusCode\n        toStatus\n        toStatusCode\n      }\n      ... on MalformedEvent {\n        faults\n      }\n    }\n  }\n": typeof types.EventPageDocument,
};
const documents: Documents = {
    "\n  fragment StreamEvent on Event {\n    id\n    cursor\n    type\n    typeName\n    occurredOn\n    userId\n    installationId\n    ... on MessageSent {\n      speciality\n    }\n    ... on MessageRead {\n      speciality\n    }\n    ... on InstallationCreated {\n      osName\n      osVersion\n      deviceModel\n    }\n    ... on UserLoggedIn {\n      status\n    }\n    ... on UserFirstLoggedIn {\n      status\n    }\n    ... on UserStatusChanged {\n      fromStatus\n      toStatus\n    }\n    ... on MalformedEvent {\n      faults\n    }\n  }\n": types.StreamEventFragmentDoc,
    "\n  query ListPage($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      reached\n      pageInfo {\n        hasPreviousPage\n      }\n      edges {\n        node {\n          ...StreamEvent\n        }\n      }\n    }\n  }\n": types.ListPageDocument,
    "\n  subscription ListLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      ...StreamEvent\n    }\n  }\n": types.ListLiveDocument,
    "\n  query ReceivedBefore($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      edges {\n        cursor\n        node {\n          receivedAt\n        }\n      }\n    }\n  }\n": types.ReceivedBeforeDocument,
    "\n  query MinuteCounts($filter: EventFilter, $after: String) {\n    eventCounts(filter: $filter, by: [MINUTE, TYPE], after: $after) {\n      reached\n      rows {\n        minute\n        type\n        count\n      }\n    }\n  }\n": types.MinuteCountsDocument,
    "\n  subscription CountsLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      cursor\n      type\n      occurredOn\n    }\n  }\n": types.CountsLiveDocument,
    "\n  query UserPage($id: ID!) {\n    user(id: $id) {\n      userId\n      currentStatus\n      currentStatusCode\n      firstSeen\n      lastSeen\n      currentCoverageName\n      statusHistory {\n        status\n        since\n        cursor\n      }\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n      installations(last: 20) {\n        edges {\n          node {\n            installationId\n            initialOsName\n            initialOsVersion\n            initialDeviceModel\n            languageCode\n            countryCode\n            createdOn\n            uninstalledOn\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n": types.UserPageDocument,
    "\n  query EventPage($id: ID!) {\n    event(id: $id) {\n      __typename\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n      envelope\n      delivery {\n        receivedAt\n        repeats\n        lastRepeatedAt\n      }\n      ... on MessageSent {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on MessageRead {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on InstallationCreated {\n        osName\n        osVersion\n        deviceModel\n        languageCode\n        countryCode\n      }\n      ... on UserLoggedIn {\n        status\n        statusCode\n      }\n      ... on UserFirstLoggedIn {\n        status\n        statusCode\n        mobilePhone\n        mobilePhonePrefix\n        email\n        coverageName\n      }\n      ... on UserStatusChanged {\n        fromStatus\n        fromStatusCode\n        toStatus\n        toStatusCode\n      }\n      ... on MalformedEvent {\n        faults\n      }\n    }\n  }\n": types.EventPageDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StreamEvent on Event {\n    id\n    cursor\n    type\n    typeName\n    occurredOn\n    userId\n    installationId\n    ... on MessageSent {\n      speciality\n    }\n    ... on MessageRead {\n      speciality\n    }\n    ... on InstallationCreated {\n      osName\n      osVersion\n      deviceModel\n    }\n    ... on UserLoggedIn {\n      status\n    }\n    ... on UserFirstLoggedIn {\n      status\n    }\n    ... on UserStatusChanged {\n      fromStatus\n      toStatus\n    }\n    ... on MalformedEvent {\n      faults\n    }\n  }\n"): typeof import('./graphql.js').StreamEventFragmentDoc;
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
export function graphql(source: "\n  query ReceivedBefore($filter: EventFilter, $last: Int!, $before: String) {\n    events(filter: $filter, last: $last, before: $before) {\n      edges {\n        cursor\n        node {\n          receivedAt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReceivedBeforeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MinuteCounts($filter: EventFilter, $after: String) {\n    eventCounts(filter: $filter, by: [MINUTE, TYPE], after: $after) {\n      reached\n      rows {\n        minute\n        type\n        count\n      }\n    }\n  }\n"): typeof import('./graphql.js').MinuteCountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CountsLive($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      cursor\n      type\n      occurredOn\n    }\n  }\n"): typeof import('./graphql.js').CountsLiveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UserPage($id: ID!) {\n    user(id: $id) {\n      userId\n      currentStatus\n      currentStatusCode\n      firstSeen\n      lastSeen\n      currentCoverageName\n      statusHistory {\n        status\n        since\n        cursor\n      }\n      eventCounts {\n        type\n        count\n        lastOn\n      }\n      installations(last: 20) {\n        edges {\n          node {\n            installationId\n            initialOsName\n            initialOsVersion\n            initialDeviceModel\n            languageCode\n            countryCode\n            createdOn\n            uninstalledOn\n            lastSeen\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').UserPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EventPage($id: ID!) {\n    event(id: $id) {\n      __typename\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n      envelope\n      delivery {\n        receivedAt\n        repeats\n        lastRepeatedAt\n      }\n      ... on MessageSent {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on MessageRead {\n        messageId\n        speciality\n        professionalId\n      }\n      ... on InstallationCreated {\n        osName\n        osVersion\n        deviceModel\n        languageCode\n        countryCode\n      }\n      ... on UserLoggedIn {\n        status\n        statusCode\n      }\n      ... on UserFirstLoggedIn {\n        status\n        statusCode\n        mobilePhone\n        mobilePhonePrefix\n        email\n        coverageName\n      }\n      ... on UserStatusChanged {\n        fromStatus\n        fromStatusCode\n        toStatus\n        toStatusCode\n      }\n      ... on MalformedEvent {\n        faults\n      }\n    }\n  }\n"): typeof import('./graphql.js').EventPageDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
