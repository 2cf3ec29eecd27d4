import { createPerson, type Person } from './person.ts';
import { createRandom, type Random } from './random.ts';
import { type Fact, useApp } from './session.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Between two sessions of one person. */
const PAUSE_MS = 10 * 60_000;
/** Some arrive much later than they happened: a phone was off, a queue stood still. */
const LATE_SHARE = 0.03;
const LONGEST_DELAY_MS = 36 * HOUR_MS;
/** Such as the webhook refuses and keeps: for each session. */
const BROKEN_SHARE = 0.005;
/** Sessions in a row for which nobody has time any more: then the span is full. */
const MOST_TRIES = 500;

export interface SeedPlan {
  events: number;
  users: number;
  days: number;
  seed: number;
  /** Where the span ends, in milliseconds since 1970. */
  untilMs: number;
}

/** A delivery as the sender would post it. */
export interface Delivery {
  body: string;
  arrivesAtMs: number;
}

interface Waiting extends Delivery {
  /** In the order in which they were made, to break ties. */
  index: number;
}

/**
 * The deliveries of made-up users over some days, in the order in which they arrive: as many as were
 * asked for, or fewer if so many do not fit, and beside them some that are refused. The same plan
 * makes the same ones. A day is in memory at once.
 */
export function* makeDeliveries(plan: SeedPlan): Generator<Delivery> {
  const { events, users, days, untilMs } = plan;
  const random = createRandom(plan.seed);
  const people: Person[] = [];
  const startMs = untilMs - days * DAY_MS;
  let waiting: Waiting[] = [];
  let made = 0;
  let index = 0;

  function tell(facts: readonly Fact[]): void {
    for (const { type, atMs, payload } of facts) {
      const occurred_on = new Date(atMs).toISOString().replace('Z', '+00:00');
      made += 1;
      post(JSON.stringify({ type, occurred_on, payload }), atMs);
    }
    const last = facts.at(-1);
    if (last && random.chance(BROKEN_SHARE)) post(broken(last, random), last.atMs);
  }

  function post(body: string, atMs: number): void {
    index += 1;
    // What is on its way when the span ends arrives with its end.
    waiting.push({ body, index, arrivesAtMs: Math.min(atMs + delayMs(random), untilMs) });
  }

  for (let day = 0; day < days; day += 1) {
    const dayMs = startMs + day * DAY_MS;
    for (; people.length < users && joinsOn(people.length, plan) <= day; ) {
      const person = createPerson(people.length, random);
      people.push(person);
      tell(useApp(person, timeOfDay(dayMs, random), random));
    }
    const wanted = Math.ceil((events * (day + 1)) / days);
    for (let tries = 0; made < wanted && tries < MOST_TRIES; ) {
      // Squared, so that few do much and many do little.
      const person = people[Math.floor(people.length * random.fraction() ** 2)] as Person;
      const atMs = Math.max(timeOfDay(dayMs, random), person.lastMs + PAUSE_MS);
      if (atMs > dayMs + DAY_MS - HOUR_MS) tries += 1;
      else {
        tries = 0;
        tell(useApp(person, atMs, random));
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

/** The day on which a person first comes: many on the first days, fewer later, the first at once. */
function joinsOn(index: number, { users, days }: SeedPlan): number {
  return Math.floor(days * (index / users) ** 1.5);
}

/** From seven in the morning until ten at night, most in the afternoon. */
function timeOfDay(dayMs: number, random: Random): number {
  const hours = 7 + 7.5 * (random.fraction() + random.fraction());
  return dayMs + Math.floor(hours * HOUR_MS);
}

function delayMs(random: Random): number {
  if (!random.chance(LATE_SHARE)) return random.whole(200, 3_000);
  return random.whole(5 * 60_000, LONGEST_DELAY_MS);
}

/** A payload without its user, a time without an offset, or half of a body. */
function broken({ type, atMs, payload }: Fact, random: Random): string {
  const occurred_on = new Date(atMs).toISOString();
  const { user_id: _, ...rest } = payload;
  return random.pick([
    JSON.stringify({ type: 'user_logged_in', occurred_on, payload: rest }),
    JSON.stringify({ type, occurred_on: occurred_on.slice(0, -1), payload }),
    JSON.stringify({ type, occurred_on, payload }).slice(0, -1),
  ]);
}
