import type { TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';

/** An error as the client receives it. */
export interface ClientError {
  message: string;
  extensions: { code: string };
}

export interface Operation {
  query: string;
  variables?: Record<string, unknown>;
  token: string;
}

/** Returns the errors of an operation, for each transport. */
export const errorsOver: Readonly<
  Record<
    'HTTP' | 'WebSocket' | 'SSE',
    (server: TestServer, operation: Operation) => Promise<ClientError[]>
  >
> = {
  async HTTP(server, { query, variables, token }) {
    return (await server.query(query, variables, token)).body.errors;
  },
  async WebSocket({ url }, operation) {
    const subscriber = subscribeByWebSocket({ url, ...operation });
    const errors = await subscriber.ended;
    await subscriber.close();
    return errors as ClientError[];
  },
  async SSE({ url }, operation) {
    const subscriber = subscribeBySse({ url, ...operation });
    const errors = await subscriber.ended;
    return errors as ClientError[];
  },
};
