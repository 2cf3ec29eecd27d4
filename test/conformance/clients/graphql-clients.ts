import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { subscriptionExchange, Client as UrqlClient } from '@urql/core';
import * as apollo3 from 'apollo-client-3/core/index.js';
import { GraphQLWsLink as Apollo3Link } from 'apollo-client-3/link/subscriptions/index.js';
import type { GraphQLInterfaceType } from 'graphql';
import type { Sink, Client as Socket } from 'graphql-ws';
import { Environment, Network, RecordSource, requestSubscription, Store } from 'relay-runtime';
import { onTestFinished } from 'vitest';
import { relaySubscribe } from '../../../examples/frontend/relay-subscribe.ts';
import { createApolloClient } from '../../../examples/react-apollo/create-client.ts';
import { createUrqlClient } from '../../../examples/react-urql/create-client.ts';
import { schema } from '../../../src/schema/schema.ts';
import { FOLLOW, Recorder } from './follower.ts';
import { FOLLOW_ARTIFACT } from './relay-artifact.ts';

/** Follows the log through a graphql-ws client, or a client on it. */
export type FollowBySocket = (socket: Socket, url: string, after: string) => Recorder;

export const byGraphqlWs: FollowBySocket = (socket, _, after) => {
  const recorder = new Recorder();
  socket.subscribe({ query: FOLLOW, variables: { after } }, recorder);
  return recorder;
};

/** What Apollo Client's cache needs to know of the schema. */
const possibleTypes = {
  Event: schema.getPossibleTypes(schema.getType('Event') as GraphQLInterfaceType).map(String),
};

/** What the documentation here sets for a subscription of Apollo Client. */
const APOLLO_OPTIONS = { fetchPolicy: 'no-cache', errorPolicy: 'all' } as const;

/** With its defaults, as its documentation sets it up. */
export const byApollo4: FollowBySocket = (socket, _, after) =>
  readApollo4(
    new ApolloClient({
      cache: new InMemoryCache({ possibleTypes }),
      link: new GraphQLWsLink(socket),
    }),
    {
      variables: { after },
    },
  );

/** As in the example. */
export const byHelpedApollo4: FollowBySocket = (socket, url, after) =>
  readApollo4(createApolloClient(url, socket), { variables: { after }, ...APOLLO_OPTIONS });

function readApollo4(client: ApolloClient, options: object): Recorder {
  onTestFinished(() => client.stop());
  const recorder = new Recorder();
  client.subscribe({ query: gql(FOLLOW), ...options }).subscribe(recorder);
  return recorder;
}

const createApollo3 =
  (options: object): FollowBySocket =>
  (socket, _, after) => {
    const client = new apollo3.ApolloClient({
      cache: new apollo3.InMemoryCache({ possibleTypes }),
      link: new Apollo3Link(socket),
    });
    onTestFinished(() => client.stop());
    const recorder = new Recorder();
    const query = apollo3.gql(FOLLOW);
    client.subscribe({ query, variables: { after }, ...options }).subscribe(recorder);
    return recorder;
  };
export const byApollo3 = createApollo3({});
export const byHelpedApollo3 = createApollo3(APOLLO_OPTIONS);

/** With its defaults, as its documentation sets it up. */
export const byUrql: FollowBySocket = (socket, url, after) => {
  const exchange = subscriptionExchange({
    forwardSubscription: ({ query = '', variables }) => ({
      subscribe: (sink) => ({
        unsubscribe: socket.subscribe({ query, variables: { ...variables } }, sink as Sink),
      }),
    }),
  });
  return readUrql(new UrqlClient({ url, exchanges: [exchange] }), after);
};

/** As in the example. */
export const byHelpedUrql: FollowBySocket = (socket, url, after) =>
  readUrql(createUrqlClient(url, socket), after);

export function readUrql(client: UrqlClient, after: string): Recorder {
  const recorder = new Recorder();
  const { unsubscribe } = client.subscription(FOLLOW, { after }).subscribe((result) => {
    recorder.next(result);
    if (!result.hasNext) recorder.complete();
  });
  onTestFinished(unsubscribe);
  return recorder;
}

export const byRelay: FollowBySocket = (socket, _, after) => {
  const environment = new Environment({
    network: Network.create(() => Promise.reject(new Error('no query')), relaySubscribe(socket)),
    store: new Store(new RecordSource()),
  });
  const recorder = new Recorder();
  const { dispose } = requestSubscription(environment, {
    subscription: FOLLOW_ARTIFACT,
    variables: { after },
    onNext: (data) => recorder.next({ data }),
    onError: recorder.error,
    onCompleted: recorder.complete,
  });
  onTestFinished(dispose);
  return recorder;
};
