import type { EventFilter, EventType } from '../../src/client/create-events-client.ts';
import { userOf } from './delivery.ts';
import { createRandom, type Random } from './random.ts';

/**
 * How a reader goes about it. `steady`: takes all as it comes. `resuming`: leaves often and comes
 * back with its cursor at another server. `slow`: takes one at a time, with pauses. `stalled`: stops
 * reading its socket for long.
 */
export const manners = ['steady', 'resuming', 'slow', 'stalled'] as const;
export type Manner = (typeof manners)[number];

export interface PlannedReader {
  name: string;
  /** Of all tries the first one is at this server. */
  server: number;
  manner: Manner;
  transport: 'websocket' | 'sse';
  filter: EventFilter;
  /** It reads with a user's token, which shows that user's events alone. */
  asUser: string | undefined;
  /** Which events it must get; the same for the checker, whatever the filter says. */
  types: readonly string[] | undefined;
  userIds: readonly string[] | undefined;
  /** `beginning`: behind nothing; `head`: from a cursor of `head`; `now`: without a cursor. */
  start: 'beginning' | 'head' | 'now';
  startAtMs: number;
}

const TYPES: readonly EventType[] = [
  'MESSAGE_SENT',
  'MESSAGE_READ',
  'INSTALLATION_CREATED',
  'APP_OPENED',
  'APP_UNINSTALLED',
  'USER_LOGGED_IN',
  'USER_FIRST_LOGGED_IN',
  'USER_STATUS_CHANGED',
  'UNKNOWN',
];
const kinds = ['all', 'type', 'user', 'own', 'user and type'] as const;
const BUSY_USERS = 40;
/** Few filters hold lists: the embedded database looks through every event for one. */
const LIST_SHARE = 0.15;

/** Decides who reads what, where and how, from the seed alone; every kind on every server in turn. */
export function planReaders(options: {
  seed: number;
  count: number;
  servers: number;
  durationMs: number;
}): PlannedReader[] {
  const { seed, count, servers, durationMs } = options;
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom(seed, 'reader', index);
    // Both lists in step: their lengths have no common divisor, so all pairs come about.
    const turn = Math.floor(index / servers);
    const kind = kinds[turn % kinds.length] ?? 'all';
    const manner = manners[turn % manners.length] ?? 'steady';
    const transport = manner === 'stalled' || random.chance(0.5) ? 'websocket' : 'sse';
    const start = random.chance(0.5) ? 'beginning' : random.chance(0.8) ? 'head' : 'now';
    const several = random.chance(LIST_SHARE) ? 3 : 1;
    const users = pickSeveral(random, several, () => userOf(random.whole(0, BUSY_USERS - 1)));
    const types = pickSeveral(random, several, () => random.pick(TYPES));
    return {
      name: `reader ${index} (${kind}, ${manner}, ${transport}, ${start})`,
      server: index % servers,
      manner,
      transport,
      start,
      startAtMs: start === 'beginning' ? 0 : Math.round(random.fraction() * durationMs * 0.9),
      ...wants(kind, users, types),
    };
  });
}

function pickSeveral<T>(random: Random, most: number, pick: () => T): T[] {
  const count = most === 1 ? 1 : random.whole(2, most);
  return [...new Set(Array.from({ length: count }, pick))];
}

function wants(kind: (typeof kinds)[number], userIds: string[], types: EventType[]) {
  const names = types.map((type) => type.toLowerCase());
  const nothing = { filter: {}, asUser: undefined, types: undefined, userIds: undefined };
  switch (kind) {
    case 'all':
      return nothing;
    case 'type':
      return { ...nothing, filter: { types }, types: names };
    case 'user':
      return { ...nothing, filter: { userIds }, userIds };
    case 'own':
      return { ...nothing, asUser: userIds[0], userIds: userIds.slice(0, 1) };
    case 'user and type':
      return { ...nothing, filter: { types, userIds }, types: names, userIds };
  }
}
