import { createRandom } from './random.ts';

/** Kinds of faults. A "way" is a network relay. */
export const faultKinds = [
  'server-kill',
  'server-term',
  'server-pause',
  'database-kill',
  'database-pause',
  'client-cut',
  'client-cut-midway',
  'client-refuse',
  'client-freeze',
  'database-cut',
  'database-refuse',
  'database-freeze',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** From the start of the run. */
  atMs: number;
  kind: FaultKind;
  /** The server, or the server whose relay is meant; unused for faults of the database. */
  server: number;
  /** Duration; 0 for a momentary fault. */
  forMs: number;
}

/** Ranges of durations in milliseconds; kinds without one are momentary. */
const spans: Partial<Record<FaultKind, readonly [number, number]>> = {
  'server-pause': [1_000, 8_000],
  'database-pause': [1_000, 8_000],
  'client-refuse': [500, 5_000],
  'client-freeze': [1_000, 5_000],
  'database-refuse': [500, 5_000],
  'database-freeze': [1_000, 5_000],
};

/** The supervisor gives the embedded database up after more than five exits in a minute. */
const DATABASE_KILLS_APART_MS = 20_000;
const LATER_KILL: FaultKind = 'server-kill';

/**
 * Plans faults from the seed alone: kinds, times, targets and durations. The first faults include
 * every kind once, in random order, so that a short run has all kinds if it has enough faults.
 */
export function planFaults(options: {
  seed: number;
  durationMs: number;
  count: number;
  servers: number;
}): Fault[] {
  const { seed, durationMs, count, servers } = options;
  const random = createRandom(seed, 'faults');
  const slotMs = durationMs / count;
  const faults: Fault[] = [];
  let bag: FaultKind[] = [];
  let databaseKilledMs = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index++) {
    if (bag.length === 0) bag = [...faultKinds];
    let [kind = LATER_KILL] = bag.splice(random.whole(0, bag.length - 1), 1);
    const atMs = Math.round((index + random.fraction()) * slotMs);
    if (kind === 'database-kill') {
      if (atMs - databaseKilledMs < DATABASE_KILLS_APART_MS) kind = LATER_KILL;
      else databaseKilledMs = atMs;
    }
    const [low, high] = spans[kind] ?? [0, 0];
    faults.push({
      atMs,
      kind,
      server: random.whole(0, servers - 1),
      forMs: random.whole(low, high),
    });
  }
  return faults;
}
