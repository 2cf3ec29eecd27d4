/** As much of Eventline's schema as the operation asks for; the peers' own, in SDL. */
export const typeDefs = `
  interface Event {
    id: ID!
    cursor: String!
    occurredOn: String!
    userId: ID
  }
  type MessageSent implements Event {
    id: ID!
    cursor: String!
    occurredOn: String!
    userId: ID
    messageId: ID!
    speciality: String!
  }
  input EventFilter {
    userIds: [ID!]
  }
  type Query {
    ready: Boolean!
  }
  type Subscription {
    events(filter: EventFilter): Event!
  }
`;

/** The arguments of the subscription. */
export interface EventsArguments {
  filter?: { userIds?: string[] };
}

/** The topic of all events. */
export const ALL = 'EVENTS';

/** The topics that a subscription listens to: those of its users, or that of all. */
export function topicsFor({ filter }: EventsArguments): string[] {
  return filter?.userIds?.map(topicOf) ?? [ALL];
}

/** The topic of a user's events. */
export function topicOf(userId: string): string {
  return `EVENTS.${userId}`;
}
