import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { storedCursors } from '../../client/stored-cursors.ts';
import type { TestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { clients, type Follow } from './clients.ts';
import type { Follower } from './follower.ts';

/** Limits of a server under test: every follower is a connection of the same viewer. */
export const limits = { maxConnectionsPerViewer: 100, maxSubscriptionsPerViewer: 100 };

/** A client at work, alone or with its helper. */
export interface Following {
  name: string;
  isHelped: boolean;
  follower: Follower;
  /** How often the client has asked for a token. */
  tokens: () => number;
}

/** Follows with every client, and with every helped one. */
export function followAll(
  serverUrl: string,
  token: () => Promise<string>,
  after: string,
): readonly Following[] {
  function start(name: string, isHelped: boolean, follow: Follow): Following {
    let asked = 0;
    const counted = () => {
      asked += 1;
      return token();
    };
    const follower = follow({ url: `${serverUrl}/graphql`, token: counted, after });
    return { name, isHelped, follower, tokens: () => asked };
  }
  // The examples, and Apollo Client, use the one of the browser.
  vi.stubGlobal('WebSocket', WebSocket);
  return clients.flatMap(({ name, alone, helped }) => [
    start(name, false, alone),
    ...(helped ? [start(name, true, helped)] : []),
  ]);
}

export const cursorsOf = ({ events }: Follower) => events.map(({ cursor }) => cursor);

/** Posts an event, and waits until each client has it or has ended. */
export async function postToAll(
  all: readonly Following[],
  server: TestServer,
  payload: object = {},
  type = 'app_opened',
): Promise<void> {
  await server.post(type, payload);
  const last = (await storedCursors(server)).at(-1) ?? '';
  for (const { follower } of all) {
    await waitUntil(() => follower.end !== undefined || cursorsOf(follower).includes(last));
  }
}
