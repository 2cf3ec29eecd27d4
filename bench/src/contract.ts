/** Where deliveries are posted, at every contestant. */
export const WEBHOOK_PATH = '/webhooks/events';
/** Where operations go, at every contestant. */
export const GRAPHQL_PATH = '/graphql';
/** What deliveries are signed with. */
export const WEBHOOK_SECRET = 'the-secret-of-the-bench';
/** What tokens are signed with, for the contestant that asks for one. */
export const JWT_SECRET = 'the-jwt-secret-of-the-bench-of-40-chars!';

/** The operation of every subscriber, the same for every contestant. */
export const OPERATION = `subscription Live($filter: EventFilter) {
  events(filter: $filter) {
    id
    cursor
    occurredOn
    userId
    ... on MessageSent { messageId speciality }
  }
}`;

/** The same with a place to go on from, which only Eventline has. */
export const RESUMING_OPERATION = OPERATION.replace(
  'subscription Live($filter: EventFilter) {\n  events(filter: $filter)',
  'subscription Resume($after: String) {\n  events(after: $after)',
);

/** The id of every operation on its socket. */
export const OPERATION_ID = '1';

/** Which users' events an operation asks for; all without it. */
export interface Variables {
  filter?: { userIds: string[] };
  after?: string;
}

/** The user of a number, as long for every number. */
export function userOf(number: number): string {
  return `user-${String(number).padStart(5, '0')}`;
}
