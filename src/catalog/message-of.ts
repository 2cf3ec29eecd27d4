import { catalog } from './catalog.ts';
import type { NewEvent } from './event.ts';

/** The key under which a payload names the message that the event is about. */
export const MESSAGE_KEY = 'message_id';

/** The types whose payload was checked to name a message. */
export const messageTypes: readonly string[] = catalog
  .filter(({ fields }) => fields[MESSAGE_KEY]?.kind === 'uuid')
  .map(({ name }) => name);

const types: ReadonlySet<string> = new Set(messageTypes);

/** The message that an event is about, under the one spelling that it is known by; null for none. */
export function messageIdOf({ type, payload }: Pick<NewEvent, 'type' | 'payload'>): string | null {
  if (!types.has(type) || !Object.hasOwn(payload, MESSAGE_KEY)) return null;
  const id = payload[MESSAGE_KEY];
  return typeof id === 'string' ? knownMessageId(id) : null;
}

/**
 * UUIDs are compared without regard to case (RFC 9562, 4). Payloads are kept as sent, so an id is
 * looked for in both ways in which programs write it; one in mixed case stands for itself alone.
 */
export function knownMessageId(id: string): string {
  return id === id.toUpperCase() ? id.toLowerCase() : id;
}

/** What payloads may hold for a message that is known by this id. */
export function spellingsOf(messageId: string): string[] {
  const isLower = messageId === messageId.toLowerCase();
  return [...new Set(isLower ? [messageId, messageId.toUpperCase()] : [messageId])];
}
