import type { NewEvent } from '../../src/catalog/event.ts';
import { parseDelivery } from '../../src/webhook/parse-delivery.ts';

/** Returns the event of a delivery that is acceptable. */
export function parsedEvent(rawBody: Buffer, receivedAt = new Date()): NewEvent {
  const parsed = parseDelivery(rawBody, receivedAt);
  if (parsed.kind === 'refused') throw new Error(parsed.detail);
  return parsed.event;
}
