import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import type { Client as Socket } from 'graphql-ws';
import { fetchWithToken } from '../frontend/token.ts';

/** Sends queries over HTTP and subscriptions over the WebSocket. */
export function createApolloClient(uri: string, socket: Socket): ApolloClient {
  return new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri, fetch: fetchWithToken }),
    ),
  });
}
