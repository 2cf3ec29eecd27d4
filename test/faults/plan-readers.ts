import type { EventFilter, EventType } from '../../src/client/create-events-client.ts';
import { userOf } from './delivery.ts';
import { createRandom } from './random.ts';

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
const BUSY_USERS = 40;
const MOST_USERS = 20;

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
    const manner = manners[Math.floor(index / servers) % manners.length] ?? 'steady';
    const transport = manner === 'stalled' || index % 2 === 0 ? 'websocket' : 'sse';
    const start = random.chance(0.5) ? 'beginning' : random.chance(0.8) ? 'head' : 'now';
    const user = userOf(random.whole(0, BUSY_USERS - 1));
    const users = [user, ...Array.from({ length: MOST_USERS - 1 }, (_, number) => userOf(number))];
    const types = random.chance(0.5) ? [random.pick(TYPES)] : TYPES.slice(0, random.whole(2, 8));
    const common = {
      server: index % servers,
      manner,
      transport,
      start,
      startAtMs: start === 'beginning' ? 0 : Math.round(random.fraction() * durationMs * 0.9),
    } as const;
    const about = (what: string) => `reader ${index} (${what}, ${manner}, ${transport}, ${start})`;
    switch (random.pick(['all', 'type', 'user', 'own', 'user and type'])) {
      case 'all':
        return { ...common, ...wants({}), name: about('all') };
      case 'type':
        return { ...common, ...wants({ types }), name: about(types.join('+')) };
      case 'user':
        return { ...common, ...wants({ userIds: [...new Set(users)] }), name: about('users') };
      case 'own':
        return { ...common, ...wants({}, user), name: about(`own events of ${user}`) };
      default:
        return {
          ...common,
          ...wants({ types, userIds: [...new Set(users)] }),
          name: about(`users, ${types.join('+')}`),
        };
    }
  });
}

function wants(filter: { types?: EventType[]; userIds?: string[] }, asUser?: string) {
  return {
    filter,
    asUser,
    types: filter.types?.map((type) => type.toLowerCase()),
    userIds: asUser === undefined ? filter.userIds : [asUser],
  };
}
