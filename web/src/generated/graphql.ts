/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A range of instants. An omitted `from` or `until` sets no bound; an empty range matches nothing; a reversed range is refused. Example: `{"from":"2026-01-01T00:00:00Z","until":"2026-02-01T00:00:00Z"}`. */
export type DateTimeRange = {
  /** Start of the range, inclusive. Example: `"2026-01-01T00:00:00Z"`. */
  from?: string | null | undefined;
  /** End of the range, exclusive. Example: `"2026-02-01T00:00:00Z"`. */
  until?: string | null | undefined;
};

/** Dimensions for counting events. */
export type EventDimension =
  /** The country of a created installation; other events have none. */
  | 'COUNTRY'
  /** The day, by the sender's instant (`occurredOn`) in `timeZone`. It has 23 or 25 hours when the clock changes. */
  | 'DAY'
  /** The hour, by the sender's instant (`occurredOn`) in `timeZone`. When the clock is set back, the repeated hour counts as two. */
  | 'HOUR'
  /** The minute, by the sender's instant (`occurredOn`) in `timeZone`. Each minute is a row, so limit the range with the filter or `after`. */
  | 'MINUTE'
  /** The month, by the sender's instant (`occurredOn`) in `timeZone`. */
  | 'MONTH'
  /** The operating system of a created installation; other events have none. */
  | 'OS'
  /** The professional of messages; other events have none. */
  | 'PROFESSIONAL'
  /** The speciality of messages; other events have none. */
  | 'SPECIALITY'
  /** The plan after a login or a change of plan; other events have none. */
  | 'STATUS'
  /** The type of the event. */
  | 'TYPE'
  /** The sender's name of the type, which distinguishes unknown types. */
  | 'TYPE_NAME'
  /** The week (ISO 8601, from Monday on), by the sender's instant (`occurredOn`) in `timeZone`. */
  | 'WEEK';

/** Selects events that match every given field. An omitted (or null) field matches everything; an empty list matches nothing. A filter has the same meaning in queries, replays and live subscriptions. A list holds at most 100 values by default. Example: `{ types: [MESSAGE_SENT], specialities: ["work"] }`. */
export type EventFilter = {
  /** On one of these installations. Example: `["ba55ab42-9d09-4fbe-805e-ac91e62cae3f"]`. */
  installationIds?: Array<string> | null | undefined;
  /** Range of the sender's instant (`occurredOn`). Example: `{ from: "2026-01-01T00:00:00Z" }`. */
  occurredOn?: DateTimeRange | null | undefined;
  /** With one of these professionals: `message_sent.professional_id`, `message_read.professional_id`. Events of other types have none and do not match. Example: `[5]`. */
  professionalIds?: Array<number> | null | undefined;
  /** Range of the time of receipt by the webhook. Example: `{ until: "2026-02-01T00:00:00Z" }`. */
  receivedAt?: DateTimeRange | null | undefined;
  /** With one of these specialities, compared exactly: `message_sent.speciality`, `message_read.speciality`. Events of other types have none and do not match. Example: `["work"]`. */
  specialities?: Array<string> | null | undefined;
  /** Logins and plan changes whose (new) plan is one of these: `user_logged_in.status`, `user_first_logged_in.status`, `user_status_changed.to_status`. UNKNOWN matches every integer except 0, 2 and 4. Events of other types have no plan and do not match. Example: `[PREMIUM]`. */
  statuses?: Array<UserStatus> | null | undefined;
  /** With one of these types. Example: `[MESSAGE_SENT, MESSAGE_READ]`. */
  types?: Array<EventType> | null | undefined;
  /** About one of these users (the sender's ids, compared exactly). Example: `["32402404G"]`. */
  userIds?: Array<string | number> | null | undefined;
};

/** The type of an event. */
export type EventType =
  /** `app_opened`: A user has opened the app. */
  | 'APP_OPENED'
  /** `app_uninstalled`: The app has been removed from a device. */
  | 'APP_UNINSTALLED'
  /** `installation_created`: The app has been installed on a device. No user is known yet. */
  | 'INSTALLATION_CREATED'
  /** `message_read`: A message has been read. */
  | 'MESSAGE_READ'
  /** `message_sent`: A message has been sent in a conversation between a user and a professional. */
  | 'MESSAGE_SENT'
  /** A type that this version does not know; see `typeName`. */
  | 'UNKNOWN'
  /** `user_first_logged_in`: A user has logged in for the first time; the event holds contact data. */
  | 'USER_FIRST_LOGGED_IN'
  /** `user_logged_in`: A user has logged in. */
  | 'USER_LOGGED_IN'
  /** `user_status_changed`: A user's plan has changed. The event names no installation. */
  | 'USER_STATUS_CHANGED';

/** The outcome of a retried delivery. */
export type RetryStatus =
  /** Already in the log. */
  | 'DUPLICATE'
  /** Its user was erased, so it was removed. */
  | 'ERASED'
  /** The retry failed; it is still in quarantine. */
  | 'FAILED'
  /** No longer in quarantine. */
  | 'GONE'
  /** Still refused; stays in quarantine. */
  | 'REFUSED'
  /** Now stored in the log. */
  | 'STORED';

/** A user's plan. */
export type UserStatus =
  /** The sender's integer 0. */
  | 'FREE'
  /** The sender's integer 4. */
  | 'FREEMIUM'
  /** The sender's integer 2. */
  | 'PREMIUM'
  /** Any other integer; see the field `statusCode`, `fromStatusCode` or `toStatusCode`. */
  | 'UNKNOWN';

export type ReceivedBeforeQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  last: number;
  before?: string | null | undefined;
}>;


export type ReceivedBeforeQuery = { events: { edges: Array<{ cursor: string, node:
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
        | { receivedAt: string }
       }> } };

export type CountsQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  by: Array<EventDimension> | EventDimension;
  after?: string | null | undefined;
}>;


export type CountsQuery = { eventCounts: { reached: string, rows: Array<{ minute: string | null, hour: string | null, type: EventType | null, count: number }> } };

export type CountsLiveSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type CountsLiveSubscription = { events:
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
    | { cursor: string, type: EventType, occurredOn: string }
   };

export type QuarantineQueryVariables = Exact<{
  last: number;
  before?: string | null | undefined;
}>;


export type QuarantineQuery = { quarantine: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, edges: Array<{ cursor: string, node: { digest: string, problem: string, detail: string, firstAt: string, lastAt: string, count: number, sizeBytes: number } }> } };

export type QuarantinedBodyQueryVariables = Exact<{
  last: number;
  before?: string | null | undefined;
}>;


export type QuarantinedBodyQuery = { quarantine: { edges: Array<{ node: { digest: string, raw: string | null } }> } };

export type RetryQuarantinedMutationVariables = Exact<{
  digests: Array<string> | string;
}>;


export type RetryQuarantinedMutation = { retryQuarantined: Array<{ digest: string, status: RetryStatus, detail: string | null }> };

export type DropQuarantinedMutationVariables = Exact<{
  digests: Array<string> | string;
}>;


export type DropQuarantinedMutation = { dropQuarantined: Array<string> };

export type MalformedQueryVariables = Exact<{ [key: string]: never; }>;


export type MalformedQuery = { malformedEvents: { examined: number, events: Array<
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { faults: Array<string>, id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
      | { id: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null }
    > } };

export type EventPageQueryVariables = Exact<{
  id: string | number;
}>;


export type EventPageQuery = { event:
    | { __typename: 'AppOpened', id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'AppUninstalled', id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'InstallationCreated', osName: string, osVersion: string, deviceModel: string, languageCode: string | null, countryCode: string | null, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'MalformedEvent', faults: Array<string>, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'MessageRead', messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'MessageSent', messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'UnknownEvent', id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'UserFirstLoggedIn', status: UserStatus, statusCode: number, mobilePhone: string | null, mobilePhonePrefix: string | null, email: string | null, coverageName: string, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'UserLoggedIn', status: UserStatus, statusCode: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
    | { __typename: 'UserStatusChanged', fromStatus: UserStatus, fromStatusCode: number, toStatus: UserStatus, toStatusCode: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown>, envelope: Record<string, unknown> | null, delivery: { receivedAt: string, repeats: number, lastRepeatedAt: string | null } }
   | null };

export type HealthQueryVariables = Exact<{
  today: string;
}>;


export type HealthQuery = { health: { isDatabaseUp: boolean, lastReceivedAt: string | null, feedLagPositions: number, feedLagSeconds: number, listsLagPositions: number, listsLagSeconds: number, quarantined: number | null, storedToday: number }, malformedEvents: { examined: number, events: Array<
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
    > } };

type StreamEvent_AppOpened_Fragment = { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_AppUninstalled_Fragment = { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_InstallationCreated_Fragment = { osName: string, osVersion: string, deviceModel: string, countryCode: string | null, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_MalformedEvent_Fragment = { faults: Array<string>, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_MessageRead_Fragment = { messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_MessageSent_Fragment = { messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_UnknownEvent_Fragment = { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_UserFirstLoggedIn_Fragment = { status: UserStatus, coverageName: string, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_UserLoggedIn_Fragment = { status: UserStatus, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

type StreamEvent_UserStatusChanged_Fragment = { fromStatus: UserStatus, toStatus: UserStatus, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null };

export type StreamEventFragment =
  | StreamEvent_AppOpened_Fragment
  | StreamEvent_AppUninstalled_Fragment
  | StreamEvent_InstallationCreated_Fragment
  | StreamEvent_MalformedEvent_Fragment
  | StreamEvent_MessageRead_Fragment
  | StreamEvent_MessageSent_Fragment
  | StreamEvent_UnknownEvent_Fragment
  | StreamEvent_UserFirstLoggedIn_Fragment
  | StreamEvent_UserLoggedIn_Fragment
  | StreamEvent_UserStatusChanged_Fragment
;

export type ListPageQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  last: number;
  before?: string | null | undefined;
}>;


export type ListPageQuery = { events: { reached: string, pageInfo: { hasPreviousPage: boolean }, edges: Array<{ node:
        | { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { osName: string, osVersion: string, deviceModel: string, countryCode: string | null, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { faults: Array<string>, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { status: UserStatus, coverageName: string, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { status: UserStatus, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
        | { fromStatus: UserStatus, toStatus: UserStatus, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
       }> } };

export type ListLiveSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ListLiveSubscription = { events:
    | { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { osName: string, osVersion: string, deviceModel: string, countryCode: string | null, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { faults: Array<string>, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { status: UserStatus, coverageName: string, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { status: UserStatus, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
    | { fromStatus: UserStatus, toStatus: UserStatus, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, userId: string | null, installationId: string | null }
   };

export type FindUserQueryVariables = Exact<{
  id: string | number;
}>;


export type FindUserQuery = { user: { currentStatus: UserStatus | null, lastSeen: string | null } | null };

export type FindByUuidQueryVariables = Exact<{
  id: string;
}>;


export type FindByUuidQuery = { installation: { initialDeviceModel: string | null, lastSeen: string | null } | null, message: { speciality: string, sentOn: string | null, readOn: string | null } | null };

export type FindEventQueryVariables = Exact<{
  id: string | number;
}>;


export type FindEventQuery = { event:
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
    | { type: EventType, typeName: string, occurredOn: string }
   | null };

export type FindByContactQueryVariables = Exact<{
  contact: string;
}>;


export type FindByContactQuery = { usersByContact: { nodes: Array<{ userId: string | null, currentStatus: UserStatus | null, lastSeen: string | null }>, pageInfo: { hasNextPage: boolean } } };

export type UserPageQueryVariables = Exact<{
  id: string | number;
}>;


export type UserPageQuery = { user: { userId: string | null, currentStatus: UserStatus | null, currentStatusCode: number | null, firstSeen: string | null, lastSeen: string | null, currentCoverageName: string | null, statusHistory: Array<{ status: UserStatus, since: string, cursor: string }>, eventCounts: Array<{ type: EventType, count: number, lastOn: string }> } | null };

export type UserDevicesQueryVariables = Exact<{
  id: string | number;
}>;


export type UserDevicesQuery = { user: { installations: { pageInfo: { hasPreviousPage: boolean }, edges: Array<{ node: { installationId: string | null, initialOsName: string | null, initialOsVersion: string | null, initialDeviceModel: string | null, languageCode: string | null, countryCode: string | null, createdOn: string | null, uninstalledOn: string | null, lastSeen: string | null } }> } } | null };

export type UserContactQueryVariables = Exact<{
  id: string | number;
}>;


export type UserContactQuery = { events: { edges: Array<{ node:
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { email: string | null, mobilePhone: string | null, mobilePhonePrefix: string | null, id: string }
        | { id: string }
        | { id: string }
       }> } };

export type InstallationPageQueryVariables = Exact<{
  id: string;
}>;


export type InstallationPageQuery = { installation: { installationId: string | null, initialOsName: string | null, initialOsVersion: string | null, initialDeviceModel: string | null, languageCode: string | null, countryCode: string | null, createdOn: string | null, uninstalledOn: string | null, firstSeen: string | null, lastSeen: string | null, eventCounts: Array<{ type: EventType, count: number, lastOn: string }> } | null };

export type InstallationUsersQueryVariables = Exact<{
  id: string;
}>;


export type InstallationUsersQuery = { installation: { users: { pageInfo: { hasPreviousPage: boolean }, edges: Array<{ node: { userId: string | null, currentStatus: UserStatus | null, lastSeen: string | null } }> } } | null };

export type MessagePageQueryVariables = Exact<{
  id: string;
}>;


export type MessagePageQuery = { message: { messageId: string, sentOn: string | null, readOn: string | null, readDelaySeconds: number | null, speciality: string, professionalId: number, userId: string | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const StreamEventFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"StreamEvent"}) as unknown as TypedDocumentString<StreamEventFragment, unknown>;
export const ReceivedBeforeDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ReceivedBeforeQuery, ReceivedBeforeQueryVariables>;
export const CountsDocument = new TypedDocumentString(`
    query Counts($filter: EventFilter, $by: [EventDimension!]!, $after: String) {
  eventCounts(filter: $filter, by: $by, after: $after) {
    reached
    rows {
      minute
      hour
      type
      count
    }
  }
}
    `) as unknown as TypedDocumentString<CountsQuery, CountsQueryVariables>;
export const CountsLiveDocument = new TypedDocumentString(`
    subscription CountsLive($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) {
    cursor
    type
    occurredOn
  }
}
    `) as unknown as TypedDocumentString<CountsLiveSubscription, CountsLiveSubscriptionVariables>;
export const QuarantineDocument = new TypedDocumentString(`
    query Quarantine($last: Int!, $before: String) {
  quarantine(last: $last, before: $before) {
    pageInfo {
      hasPreviousPage
      startCursor
    }
    edges {
      cursor
      node {
        digest
        problem
        detail
        firstAt
        lastAt
        count
        sizeBytes
      }
    }
  }
}
    `) as unknown as TypedDocumentString<QuarantineQuery, QuarantineQueryVariables>;
export const QuarantinedBodyDocument = new TypedDocumentString(`
    query QuarantinedBody($last: Int!, $before: String) {
  quarantine(last: $last, before: $before) {
    edges {
      node {
        digest
        raw
      }
    }
  }
}
    `) as unknown as TypedDocumentString<QuarantinedBodyQuery, QuarantinedBodyQueryVariables>;
export const RetryQuarantinedDocument = new TypedDocumentString(`
    mutation RetryQuarantined($digests: [String!]!) {
  retryQuarantined(digests: $digests) {
    digest
    status
    detail
  }
}
    `) as unknown as TypedDocumentString<RetryQuarantinedMutation, RetryQuarantinedMutationVariables>;
export const DropQuarantinedDocument = new TypedDocumentString(`
    mutation DropQuarantined($digests: [String!]!) {
  dropQuarantined(digests: $digests)
}
    `) as unknown as TypedDocumentString<DropQuarantinedMutation, DropQuarantinedMutationVariables>;
export const MalformedDocument = new TypedDocumentString(`
    query Malformed {
  malformedEvents {
    examined
    events {
      id
      type
      typeName
      occurredOn
      receivedAt
      userId
      ... on MalformedEvent {
        faults
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MalformedQuery, MalformedQueryVariables>;
export const EventPageDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<EventPageQuery, EventPageQueryVariables>;
export const HealthDocument = new TypedDocumentString(`
    query Health($today: DateTime!) {
  health {
    isDatabaseUp
    lastReceivedAt
    storedToday: storedSince(since: $today)
    feedLagPositions
    feedLagSeconds
    listsLagPositions
    listsLagSeconds
    quarantined
  }
  malformedEvents {
    examined
    events {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<HealthQuery, HealthQueryVariables>;
export const ListPageDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<ListPageQuery, ListPageQueryVariables>;
export const ListLiveDocument = new TypedDocumentString(`
    subscription ListLive($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) {
    ...StreamEvent
  }
}
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
}`) as unknown as TypedDocumentString<ListLiveSubscription, ListLiveSubscriptionVariables>;
export const FindUserDocument = new TypedDocumentString(`
    query FindUser($id: ID!) {
  user(id: $id) {
    currentStatus
    lastSeen
  }
}
    `) as unknown as TypedDocumentString<FindUserQuery, FindUserQueryVariables>;
export const FindByUuidDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<FindByUuidQuery, FindByUuidQueryVariables>;
export const FindEventDocument = new TypedDocumentString(`
    query FindEvent($id: ID!) {
  event(id: $id) {
    type
    typeName
    occurredOn
  }
}
    `) as unknown as TypedDocumentString<FindEventQuery, FindEventQueryVariables>;
export const FindByContactDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<FindByContactQuery, FindByContactQueryVariables>;
export const UserPageDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<UserPageQuery, UserPageQueryVariables>;
export const UserDevicesDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<UserDevicesQuery, UserDevicesQueryVariables>;
export const UserContactDocument = new TypedDocumentString(`
    query UserContact($id: ID!) {
  events(filter: {userIds: [$id], types: [USER_FIRST_LOGGED_IN]}, last: 1) {
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
    `) as unknown as TypedDocumentString<UserContactQuery, UserContactQueryVariables>;
export const InstallationPageDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<InstallationPageQuery, InstallationPageQueryVariables>;
export const InstallationUsersDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<InstallationUsersQuery, InstallationUsersQueryVariables>;
export const MessagePageDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<MessagePageQuery, MessagePageQueryVariables>;