import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { parseDelivery } from '../../src/webhook/parse-delivery.ts';

/** An event as the webhook would make it; fresh unless its payload says otherwise. */
export function newEvent(
  payload: JsonObject = {},
  { type = 'some_new_type', occurredOn = '2026-01-02T03:04:05.678+00:00' } = {},
): NewEvent {
  const body = { type, occurred_on: occurredOn, payload: { nonce: randomUUID(), ...payload } };
  return parseDelivery(Buffer.from(JSON.stringify(body)), new Date());
}
