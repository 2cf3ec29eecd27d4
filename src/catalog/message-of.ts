import { catalog } from './catalog.ts';
import type { NewEvent } from './event.ts';
import { declaredValue } from './well-formed.ts';

/** The payload key of the message that an event is about. */
export const MESSAGE_KEY = 'message_id';

/** The types whose payload declares the id of a message. */
export const messageTypes: readonly string[] = catalog
  .filter(({ fields }) => fields[MESSAGE_KEY]?.kind === 'uuid')
  .map(({ name }) => name);

const types: ReadonlySet<string> = new Set(messageTypes);

/** Returns the normalised id of the message that an event is about; null for none. */
export function messageIdOf(event: Pick<NewEvent, 'type' | 'payload'>): string | null {
  const id = types.has(event.type) ? declaredValue(event, MESSAGE_KEY) : undefined;
  return typeof id === 'string' ? knownMessageId(id) : null;
}

/**
 * Normalises a message id. UUIDs are compared case-insensitively (RFC 9562, 4). Payloads are stored
 * as sent, so an id is searched in both common spellings; one in mixed case only matches itself.
 */
export function knownMessageId(id: string): string {
  return id === id.toUpperCase() ? id.toLowerCase() : id;
}

/** Returns the payload spellings of a normalised message id. */
export function spellingsOf(messageId: string): string[] {
  const isLower = messageId === messageId.toLowerCase();
  return [...new Set(isLower ? [messageId, messageId.toUpperCase()] : [messageId])];
}
