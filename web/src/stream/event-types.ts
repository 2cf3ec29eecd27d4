import type { EventType } from '../generated/graphql.ts';

/** All of them: one that the schema gets and this has not does not compile. */
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

/** In the order of the schema, in which chips and the chart have them. */
export const eventTypes = Object.keys(inOrder) as readonly EventType[];

/** A type as people read it: "message sent". */
export function labelOf(type: EventType): string {
  return type.toLowerCase().replaceAll('_', ' ');
}

/** The class that gives an element the type's colour, in `--type`. */
export function colourClass(type: EventType): string {
  return `type-${type.toLowerCase().replaceAll('_', '-')}`;
}
