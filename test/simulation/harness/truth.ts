import type { Entry } from '../replica-set/oplog.ts';
import { bytesOf, type Fields } from '../replica-set/stored-form.ts';
import type { World } from '../world.ts';
import { createLeaseWatch } from './lease-watch.ts';
import { numberOf } from './make-delivery.ts';
import type { Violations } from './violations.ts';

/** An event that a majority has, read from the members' logs. */
export interface TrueEvent {
  position: number;
  /** The delivery behind it; unknown if an erasure came first. */
  number: number | undefined;
  userId: string | undefined;
  type: string;
  /** True if an erasure has replaced or changed it. */
  isRewritten: boolean;
  /** When it was received, in milliseconds since 1970. */
  receivedMs: number;
  /** When a majority had it: later by an outage, if it waited in the inbox. */
  durableMs: number;
}

/** A document that a majority has, and since when, in milliseconds. */
interface StoredDocument {
  collection: string;
  document: Fields;
  sinceMs: number;
}

/** The document of the watermarks. */
interface Bounds {
  removedUpTo?: number;
  gaps?: { after: number; upTo: number }[];
  isClosed?: boolean;
}

/** The data on a majority of the members, read from their logs, not by the code under test. */
export interface Truth {
  /** The last position that was ever used in this log. */
  head(): number;
  at(position: number): TrueEvent | undefined;
  /** The position of a delivery. */
  positionOf(number: number): number | undefined;
  /** All positions up to it may have been removed. */
  removedUpTo(): number;
  /** True while nothing may be appended. */
  isClosed(): boolean;
  /** How many documents of the quarantine hold a delivery. */
  inQuarantine(number: number): number;
  /** True if a delivery is in the log, in the inbox or in quarantine. */
  holds(number: number): boolean;
  /** True if a restore has lost a delivery that a majority had, and it was not stored since. */
  wasLost(number: number): boolean;
  /** True if this delivery was at this position in a log that a restore has taken back. */
  wasLostAt(position: number, number: number): boolean;
  /** Number of inbox entries. */
  inInbox(): number;
  /** Every document that a majority has. */
  documents(): Iterable<StoredDocument>;
  /** Resolves when a majority has one more event. */
  nextEvent(): Promise<void>;
  /** The database was restored to its state at an index. */
  restored(index: number): void;
}

/** Watches the set's majority snapshot, and checks each new event in it. */
export function createTruth(world: World, violations: Violations): Truth {
  let events = new Map<number, TrueEvent>();
  let numbers = new Map<number, number>();
  let current = new Map<string, StoredDocument>();
  let inbox = new Set<string>();
  /** The numbers of quarantined deliveries, by the ids of their documents. */
  let quarantine = new Map<string, number>();
  /** How many documents outside the log and the quarantine hold each delivery. */
  let held = new Map<number, number>();
  const stored = new Set<number>();
  let lease = createLeaseWatch(world, violations);
  let index = 0;
  let head = 0;
  let bounds: Bounds = {};
  /** Events that restores have taken back, as `position/number`. */
  const lost = new Set<string>();
  /** Resolvers of those that wait for the next event. */
  const waiting: (() => void)[] = [];

  function take({ changes }: Entry): void {
    const freed = new Set(
      changes.flatMap(({ collection, before, after }) =>
        collection === 'events' && after === undefined ? [before?.position as number] : [],
      ),
    );
    for (const { collection, id, before, after } of changes) {
      const key = `${collection} ${id}`;
      if (collection !== 'events') {
        hold(current.get(key)?.document, -1);
        hold(after, 1);
      }
      if (after) current.set(key, { collection, document: after, sinceMs: world.time.nowMs() });
      else current.delete(key);
      if (collection === 'inbox') after ? inbox.add(id) : inbox.delete(id);
      if (collection === 'quarantine') {
        if (after) quarantine.set(id, numberInBody(after));
        else quarantine.delete(id);
      }
      if (collection === 'inbox' || collection === 'events') note(after);
      if (id === 'writer') lease.onChange(before, after);
      if (id === 'bounds') bounds = (after ?? {}) as Bounds;
      if (collection !== 'events' || after === undefined) continue;
      const position = after.position as number;
      const known = events.get(position);
      if (before !== undefined || (known && freed.has(position))) rewrite(known, before, after);
      else add(position, after);
    }
  }

  function note(document: Fields | undefined): void {
    for (const number of document ? numbersIn(document) : []) stored.add(number);
  }

  function inQuarantine(number: number): number {
    let times = 0;
    for (const one of quarantine.values()) if (one === number) times += 1;
    return times;
  }

  function hold(document: Fields | undefined, more: 1 | -1): void {
    for (const number of document ? numbersIn(document) : []) {
      held.set(number, (held.get(number) ?? 0) + more);
    }
  }

  function holds(number: number): boolean {
    return numbers.has(number) || (held.get(number) ?? 0) > 0 || inQuarantine(number) > 0;
  }

  function rewrite(known: TrueEvent | undefined, before: Fields | undefined, after: Fields): void {
    // A redelivery count does not change the visible event.
    if (known && JSON.stringify(before?.payload) !== JSON.stringify(after.payload)) {
      known.isRewritten = true;
    }
  }

  function add(position: number, document: Fields): void {
    const expected = following(head);
    if (position !== expected) {
      violations.add('dense', `position ${position} was given out where ${expected} is next`);
    }
    // An event that an erasure changed on its way has no number.
    const number = numberOf(document.payload);
    const first = number === undefined ? undefined : numbers.get(number);
    if (
      first !== undefined &&
      first > (bounds.removedUpTo ?? 0) &&
      events.get(first)?.isRewritten === false
    ) {
      violations.add('duplicate', `delivery ${number} is at ${first} and at ${position}`);
    }
    head = Math.max(head, position);
    for (const tell of waiting.splice(0)) tell();
    if (number !== undefined) numbers.set(number, position);
    const userId = document.userId as string | undefined;
    const type = document.type as string;
    const receivedMs = (document.receivedAt as Date).getTime();
    const ages = { receivedMs, durableMs: Date.now() };
    events.set(position, { position, number, userId, type, isRewritten: false, ...ages });
  }

  function following(position: number): number {
    let last = position;
    for (const { after, upTo } of bounds.gaps ?? []) if (last >= after && last < upTo) last = upTo;
    return Math.max(last, bounds.removedUpTo ?? 0) + 1;
  }

  world.onMajorityChange((member) => {
    while (index < member.majorityIndex) {
      index += 1;
      const entry = member.log[index - 1];
      if (entry) take(entry);
    }
  });

  return {
    head: () => head,
    at: (position) => events.get(position),
    positionOf: (number) => numbers.get(number),
    removedUpTo: () => bounds.removedUpTo ?? 0,
    isClosed: () => bounds.isClosed === true,
    holds,
    wasLost: (number) => stored.has(number) && !holds(number),
    wasLostAt: (position, number) => lost.has(`${position}/${number}`),
    inInbox: () => inbox.size,
    inQuarantine,
    documents: () => current.values(),
    nextEvent: () => new Promise((resolve) => waiting.push(resolve)),
    restored(toIndex) {
      const log = world.newest().log.slice(0, toIndex);
      index = 0;
      for (const { position, number } of events.values()) lost.add(`${position}/${number}`);
      events = new Map();
      numbers = new Map();
      current = new Map();
      inbox = new Set();
      quarantine = new Map();
      held = new Map();
      // Later changes belong to the time before the restore.
      lease = { onChange: () => undefined };
      head = 0;
      bounds = {};
      for (const entry of log) take(entry);
      index = toIndex;
      lease = createLeaseWatch(world, violations);
    },
  };
}

/** The number of the delivery that a document of the quarantine holds, also in broken JSON. */
function numberInBody({ raw }: Fields): number {
  return Number(/"delivery":\s*(\d+)/.exec(bytesOf(raw as string).toString())?.[1]);
}

/** An inbox entry contains the event's payload at some depth. */
function numbersIn(document: Fields): number[] {
  const numbers: number[] = [];
  const add = (one: Fields) => {
    const [within, own] = [numberOf(one.payload), numberOf(one)];
    if (within !== undefined) numbers.push(within);
    if (own !== undefined) numbers.push(own);
  };
  add(document);
  for (const name of Object.keys(document)) {
    const one = document[name];
    if (typeof one === 'object' && one !== null) add(one as Fields);
  }
  return numbers;
}
