import { vi } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { type KeyServer, startKeyServer } from './key-server.ts';

/** Claims of a token that the server accepts. */
export const claims = { scope: 'events:read', iss: 'https://issuer.example', aud: 'eventline' };
export const LIST = '{ events { edges { cursor } } }';
/** Minimum interval between two fetches of a key set (jose), in milliseconds. */
export const COOLDOWN_MS = 30_000;

export interface KeySetServers {
  keys: KeyServer;
  server: TestServer;
  /** Queries with a token, and returns the HTTP status. */
  statusFor(token: string): Promise<number>;
  close(): Promise<void>;
}

/** Starts a server that verifies tokens by a key set, with `Date` under the test's control. */
export async function startWithKeySet(): Promise<KeySetServers> {
  vi.useFakeTimers({ toFake: ['Date'] });
  const keys = await startKeyServer();
  const server = await startTestServer({
    auth: {
      keys: { jwksUrl: keys.url },
      issuer: claims.iss,
      audience: claims.aud,
      userClaim: 'user',
    },
  });
  return {
    keys,
    server,
    statusFor: async (token) => (await server.query(LIST, {}, token)).status,
    async close() {
      await server.close();
      await keys.close();
      vi.useRealTimers();
    },
  };
}
