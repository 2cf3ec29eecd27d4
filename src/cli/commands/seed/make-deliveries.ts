import { createPerson, type Person } from './person.ts';
import { createRandom, type Random } from './random.ts';
import { type SeedEvent, useApp } from './session.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Minimum pause between two sessions of a person. */
const PAUSE_MS = 10 * 60_000;
/** Share of events that arrive much later than they occurred, as from a phone that was off. */
const LATE_SHARE = 0.03;
const LONGEST_DELAY_MS = 36 * HOUR_MS;
/** Faulty deliveries per session. */
const BROKEN_SHARE = 0.005;
/** Consecutive sessions that find no free time, after which the span counts as full. */
const MAX_TRIES = 500;

export interface SeedPlan {
  events: number;
  users: number;
  days: number;
  seed: number;
  /** End of the span, in milliseconds since 1970. */
  untilMs: number;
}

/** A delivery as the sender would post it. */
export interface Delivery {
  body: string;
  arrivesAtMs: number;
}

interface Waiting extends Delivery {
  /** Order of creation; breaks ties. */
  index: number;
}

/**
 * Yields the deliveries of made-up users over some days in the order of arrival: as many as
 * requested, or as many as fit, and additionally some faulty ones. Deterministic for a plan. One
 * day is in memory at a time.
 */
export function* makeDeliveries(plan: SeedPlan): Generator<Delivery> {
  const { events, users, days, untilMs } = plan;
  const random = createRandom(plan.seed);
  const people: Person[] = [];
  const startMs = untilMs - days * DAY_MS;
  let waiting: Waiting[] = [];
  let made = 0;
  let index = 0;

  function add(session: readonly SeedEvent[]): void {
    for (const { type, atMs, payload } of session) {
      const occurred_on = new Date(atMs).toISOString().replace('Z', '+00:00');
      made += 1;
      post(JSON.stringify({ type, occurred_on, payload }), atMs);
    }
    const last = session.at(-1);
    if (last && random.chance(BROKEN_SHARE)) post(broken(last, random), last.atMs);
  }

  function post(body: string, atMs: number): void {
    index += 1;
    // Deliveries in flight at the end of the span arrive at its end.
    waiting.push({ body, index, arrivesAtMs: Math.min(atMs + delayMs(random), untilMs) });
  }

  for (let day = 0; day < days; day += 1) {
    const dayMs = startMs + day * DAY_MS;
    for (; people.length < users && joinDay(people.length, plan) <= day; ) {
      const person = createPerson(people.length, random);
      people.push(person);
      add(useApp(person, timeOfDay(dayMs, random), random));
    }
    const target = Math.ceil((events * (day + 1)) / days);
    for (let tries = 0; made < target && tries < MAX_TRIES; ) {
      // Squared: few users are very active, many hardly.
      const person = people[Math.floor(people.length * random.fraction() ** 2)] as Person;
      const atMs = Math.max(timeOfDay(dayMs, random), person.lastMs + PAUSE_MS);
      if (atMs > dayMs + DAY_MS - HOUR_MS) tries += 1;
      else {
        tries = 0;
        add(useApp(person, atMs, random));
      }
    }
    const isLast = day === days - 1;
    const upToMs = isLast ? Number.POSITIVE_INFINITY : dayMs + DAY_MS;
    const arrived = waiting.filter(({ arrivesAtMs }) => arrivesAtMs < upToMs);
    waiting = waiting.filter(({ arrivesAtMs }) => arrivesAtMs >= upToMs);
    arrived.sort((a, b) => a.arrivesAtMs - b.arrivesAtMs || a.index - b.index);
    yield* arrived;
  }
}

/**
 * Returns the day on which a person joins: many on the first days, fewer later, the first person at
 * once.
 */
function joinDay(index: number, { users, days }: SeedPlan): number {
  return Math.floor(days * (index / users) ** 1.5);
}

/** Returns a time between 07:00 and 22:00, most often in the afternoon. */
function timeOfDay(dayMs: number, random: Random): number {
  const hours = 7 + 7.5 * (random.fraction() + random.fraction());
  return dayMs + Math.floor(hours * HOUR_MS);
}

function delayMs(random: Random): number {
  if (!random.chance(LATE_SHARE)) return random.whole(200, 3_000);
  return random.whole(5 * 60_000, LONGEST_DELAY_MS);
}

/**
 * Returns a faulty body: without its user (stored as malformed), with a time without an offset, or
 * truncated (both quarantined).
 */
function broken({ type, atMs, payload }: SeedEvent, random: Random): string {
  const occurred_on = new Date(atMs).toISOString();
  const { user_id: _, ...rest } = payload;
  return random.pick([
    JSON.stringify({ type: 'user_logged_in', occurred_on, payload: rest }),
    JSON.stringify({ type, occurred_on: occurred_on.slice(0, -1), payload }),
    JSON.stringify({ type, occurred_on, payload }).slice(0, -1),
  ]);
}
