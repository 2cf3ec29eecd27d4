import { randomInt, randomUUID } from 'node:crypto';
import { catalog } from '../../src/catalog/catalog.ts';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { parsedEvent } from '../utils/parsed-event.ts';

const HOUR_MS = 60 * 60 * 1_000;
const START_MS = Date.now() - HOUR_MS;
let made = 0;

/** Returns different instants, since equal events would be redeliveries. */
function anHourAgo(): Date {
  made += 1;
  return new Date(START_MS - made);
}

/** A person with values that no other person has. */
export interface Person {
  id: string;
  phone: string;
  email: string;
  installation: string;
}

export function createPerson(): Person {
  const number = String(randomInt(10_000_000, 99_999_999));
  return {
    id: `${number}K`,
    phone: `6${randomInt(10_000_000, 99_999_999)}`,
    email: `someone-${number}@mail.example`,
    installation: randomUUID(),
  };
}

/** All values of a person that must be gone after an erasure. */
export const tracesOf = ({ id, phone, email, installation }: Person) => [
  id,
  phone,
  email,
  installation,
];

/** The body of a delivery of any catalog type about this person, an hour old. */
export function deliveryAbout(
  person: Person,
  type: string,
  { payload = {}, occurredOn = anHourAgo(), extra = {} }: Delivery = {},
): string {
  const example = catalog.find(({ name }) => name === type)?.example ?? { user_id: '' };
  const own: Record<string, string> = {
    user_id: person.id,
    installation_id: person.installation,
    mobile_phone: person.phone,
    email: person.email,
    message_id: randomUUID(),
  };
  const members = Object.keys(example).map((key) => [key, own[key] ?? example[key]]);
  return JSON.stringify({
    type,
    occurred_on: occurredOn.toISOString(),
    payload: { ...Object.fromEntries(members), ...payload },
    ...extra,
  });
}

interface Delivery {
  payload?: JsonObject;
  occurredOn?: Date;
  extra?: JsonObject;
}

/** The same as an event that the webhook would append. */
export function eventAbout(person: Person, type: string, delivery: Delivery = {}): NewEvent {
  return parsedEvent(Buffer.from(deliveryAbout(person, type, delivery)));
}

/** The types of the sender's documentation, and one that is not in it. */
export const someTypes = [...catalog.map(({ name }) => name), 'a_new_type'];
