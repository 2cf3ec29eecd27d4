import { definitionByName } from './catalog.ts';
import type { NewEvent } from './event.ts';
import type { JsonValue } from './json.ts';

const UNKNOWN_TYPE_NAME = 'UnknownEvent';

/** The GraphQL object type of an event whose payload does not have the shape that its type declares. */
export const MALFORMED_TYPE_NAME = 'MalformedEvent';

type Shape = Pick<NewEvent, 'type' | 'payload'>;

/**
 * Returns what keeps an event from being one of its type, a line for each fault
 * (`payload.status: …`), never a value; empty for a well-formed event and for unknown types. The log
 * stores nothing of this, so a change of the catalog applies to stored events.
 */
export function faultsOf(event: Shape): readonly string[] {
  return definitionByName.get(event.type)?.faults(event.payload) ?? [];
}

/** Returns the GraphQL object type of an event. */
export function objectTypeName(event: Shape): string {
  return faultsOf(event).length > 0 ? MALFORMED_TYPE_NAME : declaredTypeName(event.type);
}

/** Returns the GraphQL object type of the well-formed events of a type. */
export function declaredTypeName(type: string): string {
  return definitionByName.get(type)?.typeName ?? UNKNOWN_TYPE_NAME;
}

/**
 * Returns the value of a declared field. Undefined if it is missing or does not have the declared
 * shape, so that lists and statistics count what is well-formed in a malformed event.
 */
export function declaredValue({ type, payload }: Shape, key: string): JsonValue | undefined {
  const field = definitionByName.get(type)?.fields[key];
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return field?.isValid(value) ? value : undefined;
}
