/** The path to which deliveries are posted, on every contestant. */
export const WEBHOOK_PATH = '/webhooks/events';
/** The path of GraphQL, on every contestant. */
export const GRAPHQL_PATH = '/graphql';
/** The secret that signs deliveries. */
export const WEBHOOK_SECRET = 'the-secret-of-the-bench';
/** The secret that signs tokens; only Eventline requires one. */
export const JWT_SECRET = 'the-jwt-secret-of-the-bench-of-40-chars!';

/** The operation of every subscriber, the same on every contestant. */
export const OPERATION = `subscription Live($filter: EventFilter) {
  events(filter: $filter) {
    id
    cursor
    occurredOn
    userId
    ... on MessageSent { messageId speciality }
  }
}`;

/** The same operation, resumed after a cursor; only Eventline supports that. */
export const RESUMING_OPERATION = OPERATION.replace(
  'subscription Live($filter: EventFilter) {\n  events(filter: $filter)',
  'subscription Resume($after: String) {\n  events(after: $after)',
);

/** The id of the first operation on each socket. */
export const OPERATION_ID = '1';

/** The variables of an operation; without a filter it subscribes to all events. */
export interface Variables {
  filter?: { userIds: string[] };
  after?: string;
}

/** Returns the user with a number; all names have the same length. */
export function userOf(number: number): string {
  return `user-${String(number).padStart(5, '0')}`;
}
