import type { EventType } from '../generated/graphql.ts';

/** Complete by its type: a new event type of the schema does not compile without an entry here. */
const inOrder: Record<EventType, number> = {
  MESSAGE_SENT: 0,
  MESSAGE_READ: 1,
  INSTALLATION_CREATED: 2,
  APP_OPENED: 3,
  APP_UNINSTALLED: 4,
  USER_LOGGED_IN: 5,
  USER_FIRST_LOGGED_IN: 6,
  USER_STATUS_CHANGED: 7,
  UNKNOWN: 8,
};

/** In the order of the schema, for filters and the chart. */
export const eventTypes = Object.keys(inOrder) as readonly EventType[];

/** The readable name of a type: "message sent". */
export function labelOf(type: EventType): string {
  return type.toLowerCase().replaceAll('_', ' ');
}

/** The CSS class that sets the type's colour in `--type`. */
export function colourClass(type: EventType): string {
  return `type-${type.toLowerCase().replaceAll('_', '-')}`;
}
