import { graphql } from './generated/gql.ts';
import type { EventsClientSubscription } from './generated/graphql.ts';

/** Default selection of a subscription. */
export const EVENTS = graphql(/* GraphQL */ `
  subscription EventsClient($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
      id
      cursor
      type
      typeName
      occurredOn
      receivedAt
      userId
      installationId
      payload
    }
  }
`);

/** The fields common to all event types, and the payload as sent. */
export type EventsClientEvent = EventsClientSubscription['events'];

/**
 * A custom document, typed by codegen (client preset, `documentMode: 'string'`), or a plain string:
 * a subscription with `$filter: EventFilter` and `$after: String`, the single field `events`, and
 * `cursor` selected.
 */
export interface EventsDocument<Event extends { cursor: string }> {
  toString(): string;
  // biome-ignore lint/suspicious/noExplicitAny: a method of any variables, and never called
  __apiType?: ((variables: any) => { events: Event }) | undefined;
}
