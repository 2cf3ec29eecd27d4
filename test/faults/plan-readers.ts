import type { EventFilter, EventType } from '../../src/client/create-events-client.ts';
import { userOf } from './delivery.ts';
import { createRandom, type Random } from './random.ts';

/**
 * How a reader behaves. `steady`: takes events as they arrive. `resuming`: disconnects often and
 * resumes from its cursor at another server. `slow`: takes one at a time, with pauses. `stalled`:
 * stops reading its socket for long.
 */
export const manners = ['steady', 'resuming', 'slow', 'stalled'] as const;
export type Manner = (typeof manners)[number];

export interface PlannedReader {
  name: string;
  /** The server of its first connection. */
  server: number;
  manner: Manner;
  transport: 'websocket' | 'sse';
  filter: EventFilter;
  /** It uses a user's token, which only shows that user's events. */
  asUser: string | undefined;
  /** The types that it must receive; also used by the checker, independently of the filter. */
  types: readonly string[] | undefined;
  userIds: readonly string[] | undefined;
  /**
   * `beginning`: before the first event; `head`: from the cursor of `head`; `now`: without a
   * cursor.
   */
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
/** Few filters hold lists, since the embedded database scans all events for one. */
const LIST_SHARE = 0.15;

/**
 * Plans readers from the seed alone: filters, servers and behaviour; every kind on every server in
 * turn.
 */
export function planReaders(options: {
  seed: number;
  count: number;
  servers: number;
  durationMs: number;
}): PlannedReader[] {
  const { seed, count, servers, durationMs } = options;
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom(seed, 'reader', index);
    // The lengths of the two lists have no common divisor, so all pairs occur.
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
