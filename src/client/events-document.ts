import { graphql } from './generated/gql.ts';
import type { EventsClientSubscription } from './generated/graphql.ts';

/** What a subscription selects unless it brings a document of its own. */
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

/** An event with what all types have in common, and its payload as sent. */
export type EventsClientEvent = EventsClientSubscription['events'];

/**
 * A document of one's own, typed by codegen (client preset, `documentMode: 'string'`), or a plain
 * text: a subscription with `$filter: EventFilter` and `$after: String`, its one field `events`,
 * with `cursor` selected.
 */
export interface EventsDocument<Event extends { cursor: string }> {
  toString(): string;
  // biome-ignore lint/suspicious/noExplicitAny: a method of any variables, and never called
  __apiType?: ((variables: any) => { events: Event }) | undefined;
}
