/** The part of Eventline's schema that the operation needs, for the other contestants. */
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

/** Returns the topics of a subscription: those of its users, or the one of all events. */
export function topicsFor({ filter }: EventsArguments): string[] {
  return filter?.userIds?.map(topicOf) ?? [ALL];
}

/** Returns the topic of a user's events. */
export function topicOf(userId: string): string {
  return `EVENTS.${userId}`;
}
