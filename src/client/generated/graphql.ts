/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** A range of instants. An omitted `from` or `until` sets no bound; an empty range matches nothing; a reversed range is refused. Example: `{"from":"2026-01-01T00:00:00Z","until":"2026-02-01T00:00:00Z"}`. */
export type DateTimeRange = {
  /** Start of the range, inclusive. Example: `"2026-01-01T00:00:00Z"`. */
  from?: string | null | undefined;
  /** End of the range, exclusive. Example: `"2026-02-01T00:00:00Z"`. */
  until?: string | null | undefined;
};

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

export type EventsClientSubscriptionVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type EventsClientSubscription = { events:
    | { __typename: 'AppOpened', id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'AppUninstalled', id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'InstallationCreated', osName: string, osVersion: string, deviceModel: string, languageCode: string | null, countryCode: string | null, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'MalformedEvent', faults: Array<string>, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'MessageRead', messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'MessageSent', messageId: string, speciality: string, professionalId: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'UnknownEvent', id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'UserFirstLoggedIn', status: UserStatus, statusCode: number, coverageName: string, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'UserLoggedIn', status: UserStatus, statusCode: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
    | { __typename: 'UserStatusChanged', fromStatus: UserStatus, fromStatusCode: number, toStatus: UserStatus, toStatusCode: number, id: string, cursor: string, type: EventType, typeName: string, occurredOn: string, receivedAt: string, userId: string | null, installationId: string | null, payload: Record<string, unknown> }
   };

export type EventsClientPlaceQueryVariables = Exact<{
  filter?: EventFilter | null | undefined;
  after?: string | null | undefined;
  resumes: boolean;
}>;


export type EventsClientPlaceQuery = { head?: string, events?: { reached: string, edges: Array<{ cursor: string }> } };
