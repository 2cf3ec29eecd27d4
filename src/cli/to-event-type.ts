import { definitionByName } from '../catalog/catalog.ts';
import type { EventType } from '../client/create-events-client.ts';
import { CommandError } from './command-error.ts';

/**
 * Returns the GraphQL name of a type given with `--type`: `message_sent` → `MESSAGE_SENT`.
 * @throws CommandError that lists the types when the name is unknown
 */
export function toEventType(name: string): EventType {
  const known = definitionByName.get(name)?.enumValue;
  if (known === undefined && name.toLowerCase() !== 'unknown') {
    throw new CommandError(
      `--type: there is no ${name}; there are ${[...definitionByName.keys(), 'unknown'].join(', ')}`,
    );
  }
  return (known ?? 'UNKNOWN') as EventType;
}
