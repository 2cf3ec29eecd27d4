import { catalog } from '../../src/catalog/catalog.ts';
import { createRandom, type Random } from './random.ts';

/** Another posting of the same event. */
export interface Copy {
  /** Delay after the first acknowledgement, in milliseconds; undefined to post it concurrently. */
  afterMs: number | undefined;
  /** The same event in other bytes. */
  body: string;
}

/** The delivery for one number, derived from the seed and the number. */
export interface Delivery {
  index: number;
  /** The expected outcome. */
  expects: 'acceptance' | 'bad-signature' | 'refusal';
  body: string;
  /** The expected stored event, if it is acceptable. */
  typeName: string;
  payload: Record<string, unknown>;
  copies: readonly Copy[];
}

const USERS = 300;
const UNKNOWN_TYPES = ['appointment_booked', 'prescription_renewed', 'video_call_ended'];
const FIRST_INSTANT_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const LARGE_SHARE = 0.004;

/** The user of that number; users with low numbers have the most events. */
export const userOf = (number: number) => `user-${String(number).padStart(3, '0')}`;

export function makeDelivery(seed: number, index: number): Delivery {
  const random = createRandom(seed, 'delivery', index);
  const lot = random.fraction();
  const expects = lot < 0.05 ? 'bad-signature' : lot < 0.1 ? 'refusal' : 'acceptance';
  const { typeName, payload } = makePayload(random, seed, index);
  const lateMs = random.chance(0.2) ? random.whole(1, 400) * DAY_MS : 0;
  const occurredOn = new Date(FIRST_INSTANT_MS + index * 10 - lateMs).toISOString();
  const body = JSON.stringify({ type: typeName, occurred_on: occurredOn, payload });
  if (expects === 'refusal') {
    const refused = spoil(random, { typeName, occurredOn, payload });
    return { index, expects, body: refused, typeName, payload, copies: [] };
  }
  const reversed = Object.fromEntries(Object.entries(payload).reverse());
  const respelled = JSON.stringify({ payload: reversed, occurred_on: occurredOn, type: typeName });
  const copies: Copy[] = [];
  while (expects === 'acceptance' && copies.length < 3 && random.chance(0.15)) {
    copies.push({
      afterMs: random.chance(0.5) ? undefined : random.whole(0, 3_000),
      body: random.chance(0.3) ? respelled : body,
    });
  }
  return { index, expects, body, typeName, payload, copies };
}

function makePayload(random: Random, seed: number, index: number) {
  const number = Math.floor(USERS * random.fraction() ** 2);
  const subjects = { user_id: userOf(number), installation_id: installationOf(number) };
  // Undeclared keys that identify the stored event.
  const mark = { reference: index, run: seed };
  const filler = random.chance(LARGE_SHARE)
    ? { filler: 'x'.repeat(random.whole(40, 120) * 1_024) }
    : {};
  if (random.chance(0.12)) {
    const payload = { ...subjects, ...mark, ...filler, details: { steps: [1, 2.5, null, 'é'] } };
    return { typeName: random.pick(UNKNOWN_TYPES), payload };
  }
  const { name, example } = random.pick(catalog);
  const own = Object.fromEntries(
    Object.entries(subjects).filter(([key]) => Object.hasOwn(example, key)),
  );
  return { typeName: name, payload: { ...example, ...own, ...mark, ...filler } };
}

function installationOf(number: number): string {
  return `ba55ab42-9d09-4fbe-805e-${String(number).padStart(12, '0')}`;
}

/** A signed body that cannot be accepted: one for each stage of parsing. */
function spoil(
  random: Random,
  event: { typeName: string; occurredOn: string; payload: Record<string, unknown> },
): string {
  const { typeName: type, occurredOn: occurred_on, payload } = event;
  const whole = JSON.stringify({ type, occurred_on, payload });
  return random.pick([
    whole.slice(0, -1),
    JSON.stringify({ type, occurred_on: '2026-02-30T00:00:00Z', payload }),
    JSON.stringify({ occurred_on, payload }),
    JSON.stringify({ type, occurred_on, payload: [payload] }),
    whole.replace('"reference"', '"reference":0,"reference"'),
  ]);
}
