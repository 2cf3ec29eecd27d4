import fc from 'fast-check';
import { catalog } from '../../src/catalog/catalog.ts';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { parsedEvent } from '../utils/parsed-event.ts';

export const USERS = ['ana', 'bo', '$ne', 'a:b', 'erased-x', 'ñ'];
const uuids = (letter: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${letter.repeat(8)}-0000-4000-8000-00000000000${n}`);
export const INSTALLATIONS = uuids('a', 4);
/** One id is sometimes in upper case, and one in mixed case. */
export const MESSAGES = [
  ...uuids('b', 6),
  ...uuids('B', 1),
  ...uuids('C', 2),
  'dDdDdDdD-0000-4000-8000-000000000000',
];
const TYPES = [...catalog.map(({ name }) => name), 'a_new_type'];
const START = Date.UTC(2026, 0, 1);
const LATEST_SECOND = 400;

const payload = fc.record({
  user_id: fc.constantFrom(...USERS),
  installation_id: fc.constantFrom(
    ...INSTALLATIONS,
    ...INSTALLATIONS.map((id) => id.toUpperCase()),
  ),
  message_id: fc.constantFrom(...MESSAGES),
  speciality: fc.constantFrom('work', 'Work', 'sport', ''),
  professional_id: fc.constantFrom(5, 7, -1),
  status: fc.constantFrom(0, 2, 4, 9),
  from_status: fc.constantFrom(0, 2, 4, 9),
  to_status: fc.constantFrom(0, 2, 4, 9),
  os_name: fc.constantFrom('ios', 'android'),
  os_version: fc.constantFrom('16', '17'),
  device_model: fc.constantFrom('iPhone13,2', 'Pixel 8'),
  language_code: fc.constantFrom('es', 'ca', null),
  country_code: fc.constantFrom('es', 'fr', null),
  mobile_phone: fc.constant('666'),
  mobile_phone_prefix: fc.constant('34'),
  email: fc.constant('x@mail.example'),
  coverage_name: fc.constantFrom('collective 1', 'collective 2', ''),
});

/**
 * Events of all types with few users, installations and messages, in random order: read before
 * sent, removed before installed, two users on one installation, and one message of two users.
 */
export function someLives(count: number, seed: number): NewEvent[] {
  const part = fc.record({
    type: fc.constantFrom(...TYPES),
    payload,
    second: fc.integer({ min: 0, max: LATEST_SECOND }),
  });
  return fc.sample(part, { numRuns: count, seed }).map(({ type, payload, second }, index) => {
    const fields = catalog.find(({ name }) => name === type)?.fields ?? {
      user_id: 1,
      installation_id: 1,
      message_id: 1,
    };
    const members = Object.entries(payload).filter(([key]) => key in fields);
    const body = {
      type,
      occurred_on: new Date(START + second * 1_000).toISOString(),
      payload: { ...(Object.fromEntries(members) as JsonObject), n: index },
    };
    // Received when all of them had occurred: instants in the future are a matter of their own test.
    return parsedEvent(
      Buffer.from(JSON.stringify(body)),
      new Date(START + LATEST_SECOND * 1_000 + index * 60_000),
    );
  });
}
