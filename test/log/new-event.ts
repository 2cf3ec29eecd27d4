import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { parsedEvent } from '../utils/parsed-event.ts';

/** Returns an event as the webhook would create it, unique unless its payload is given. */
export function newEvent(
  payload: JsonObject = {},
  { type = 'some_new_type', occurredOn = '2026-01-02T03:04:05.678+00:00' } = {},
): NewEvent {
  const body = { type, occurred_on: occurredOn, payload: { nonce: randomUUID(), ...payload } };
  return parsedEvent(Buffer.from(JSON.stringify(body)));
}
