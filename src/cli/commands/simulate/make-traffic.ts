import { definitionByName } from '../../../catalog/catalog.ts';
import { createPerson, type Person } from '../seed/person.ts';
import type { Random } from '../seed/random.ts';
import { type SeedEvent, useApp } from '../seed/session.ts';

const MINUTE_MS = 60_000;
const LONGEST_DELAY_MS = 36 * 60 * MINUTE_MS;
/** Maximum delay of a redelivery after the answer, in milliseconds. */
const LONGEST_REPEAT_MS = 5_000;

/** Kind of a delivery; determines the expected answer. */
export type Kind = 'event' | 'unknown' | 'malformed' | 'unreadable' | 'forged';

/** Faults, each as a share of all deliveries from 0 to 1. */
export interface Faults {
  /** Posted twice. */
  duplicates: number;
  /** Occurred 5 minutes to 36 hours ago. */
  late: number;
  /** With a wrong signature. */
  badSignature: number;
  /** Not JSON, without an instant, or with a payload that does not have the shape of its type. */
  malformed: number;
  /** Of types that the catalog does not contain. */
  unknownTypes: number;
  /** Number of ready deliveries among which the next is picked at random; 1 preserves the order. */
  shuffle: number;
}

/** A delivery to post, correctly signed unless it is `forged`. */
export interface Planned {
  kind: Kind;
  body: string;
  /**
   * Delay of the redelivery after the answer, in milliseconds; 0: concurrent with the first post.
   */
  repeatAfterMs?: number;
}

export interface TrafficOptions extends Faults {
  users: number;
  random: Random;
}

/**
 * Generates the deliveries of users who install, log in, write, read, change their plan and leave.
 * The same seed produces the same deliveries, except for their times.
 *
 * @returns a function that returns the next delivery as of `nowMs` (milliseconds since 1970)
 */
export function makeTraffic({ users, random, ...faults }: TrafficOptions) {
  const people = new Map<number, { person: Person; events: SeedEvent[]; lastMs: number }>();
  const ready: Planned[] = [];

  function someone() {
    const index = Math.floor(users * random.fraction());
    const known = people.get(index);
    if (known) return known;
    const fresh = { person: createPerson(index, random), events: [], lastMs: 0 };
    people.set(index, fresh);
    return fresh;
  }

  /** The next action of a person; each has a millisecond of its own. */
  function nextEvent(nowMs: number, isLate: boolean) {
    const one = someone();
    if (one.events.length === 0) {
      // Unknown types appear only if requested.
      one.events = useApp(one.person, nowMs, random).filter(({ type }) =>
        definitionByName.has(type),
      );
    }
    const { type, payload } = one.events.shift() as SeedEvent;
    one.lastMs = Math.max(nowMs, one.lastMs + 1);
    const delayMs = isLate ? random.whole(5 * MINUTE_MS, LONGEST_DELAY_MS) : 0;
    return { type, occurred_on: toText(one.lastMs - delayMs), payload };
  }

  function unrelatedEvent(type: string, nowMs: number) {
    const { person } = someone();
    const payload = {
      user_id: person.id,
      installation_id: random.uuid(),
      steps: random.whole(1, 9),
    };
    return { type, occurred_on: toText(nowMs), payload };
  }

  function malformed(nowMs: number): Planned {
    const event = unrelatedEvent('app_opened', nowMs);
    const { occurred_on, payload } = event;
    const shapeless = { ...payload, installation_id: 'none' };
    return random.pick<Planned>([
      { kind: 'unreadable', body: JSON.stringify(event).slice(0, -1) },
      {
        kind: 'unreadable',
        body: JSON.stringify({ ...event, occurred_on: occurred_on.slice(0, -6) }),
      },
      { kind: 'malformed', body: JSON.stringify({ ...event, payload: shapeless }) },
    ]);
  }

  function plan(nowMs: number): Planned {
    if (random.chance(faults.badSignature)) {
      return { kind: 'forged', body: JSON.stringify(unrelatedEvent('app_opened', nowMs)) };
    }
    if (random.chance(faults.malformed)) return malformed(nowMs);
    const kind = random.chance(faults.unknownTypes) ? 'unknown' : 'event';
    const event =
      kind === 'unknown'
        ? unrelatedEvent(random.pick(['goal_reached', 'device_paired']), nowMs)
        : nextEvent(nowMs, random.chance(faults.late));
    const body = JSON.stringify(event);
    if (!random.chance(faults.duplicates)) return { kind, body };
    const repeatAfterMs = random.chance(0.5) ? 0 : random.whole(1, LONGEST_REPEAT_MS);
    return { kind, body, repeatAfterMs };
  }

  return (nowMs: number): Planned => {
    while (ready.length < faults.shuffle) ready.push(plan(nowMs));
    return ready.splice(Math.floor(random.fraction() * ready.length), 1)[0] as Planned;
  };
}

function toText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+00:00');
}
