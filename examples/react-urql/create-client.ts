import type { Sink, Client as Socket } from 'graphql-ws';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from 'urql';
import { fetchWithToken } from '../frontend/token.ts';

/** Sends queries over HTTP and subscriptions over the WebSocket. */
export function createUrqlClient(url: string, socket: Socket): Client {
  return new Client({
    url,
    fetch: fetchWithToken,
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query, variables: { ...variables } }, sink as Sink),
          }),
        }),
      }),
    ],
  });
}
