import { fetchExchange, Client as UrqlClient } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createResumingStream } from '../../../examples/frontend/resuming-stream.ts';
import { createEventsClient } from '../../../src/client/create-events-client.ts';
import { createResumingSocket } from '../../../src/client/graphql-ws/create-resuming-socket.ts';
import { FOLLOW, type Follower, type FollowOptions, Recorder } from './follower.ts';
import {
  byApollo3,
  byApollo4,
  byGraphqlWs,
  byHelpedApollo3,
  byHelpedApollo4,
  byHelpedUrql,
  byRelay,
  byUrql,
  type FollowBySocket,
  readUrql,
} from './graphql-clients.ts';

export type Follow = (options: FollowOptions) => Follower;

/** A client as its documentation sets it up: nothing of ours is between it and the server. */
const alone =
  (follow: FollowBySocket): Follow =>
  ({ url, token, after }) => {
    const socket = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: async () => ({ Authorization: `Bearer ${await token()}` }),
    });
    onTestFinished(() => void socket.dispose());
    return follow(socket, url, after);
  };

/** The same client on our socket. */
const resuming =
  (follow: FollowBySocket): Follow =>
  ({ url, token, after }) => {
    const socket = createResumingSocket({ url, token });
    onTestFinished(() => void socket.dispose());
    return follow(socket, url, after);
  };

const byGraphqlSse: Follow = ({ url, token, after }) => {
  const client = createSseClient({
    url,
    headers: async () => ({ Authorization: `Bearer ${await token()}` }),
  });
  onTestFinished(() => client.dispose());
  const recorder = new Recorder();
  client.subscribe({ query: FOLLOW, variables: { after } }, recorder);
  return recorder;
};

const byResumingStream: Follow = ({ url, token, after }) => {
  const client = createResumingStream({ url, token });
  onTestFinished(() => client.dispose());
  const recorder = new Recorder();
  client.subscribe({ query: FOLLOW, variables: { after } }, recorder);
  return recorder;
};

/** urql without another library: its `fetchExchange` reads an event stream. */
const byUrqlStream: Follow = ({ url, token, after }) => {
  const withToken: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('Authorization', `Bearer ${await token()}`);
    return fetch(input, { ...init, headers });
  };
  const options = { url, fetch: withToken, fetchSubscriptions: true, exchanges: [fetchExchange] };
  return readUrql(new UrqlClient(options), after);
};

const byEventsClient =
  (transport: 'websocket' | 'sse'): Follow =>
  ({ url, token, after }) => {
    const client = createEventsClient({ url, token, transport, webSocketImpl: WebSocket });
    onTestFinished(client.close);
    const recorder = new Recorder();
    const events = client.subscribe({ after, document: FOLLOW as never });
    void (async () => {
      for await (const event of events) recorder.next({ data: { events: event } });
    })().then(recorder.complete, recorder.error);
    return recorder;
  };

/** A row of the table in the documentation. */
export interface TestedClient {
  /** The row's first cell, without links. */
  name: string;
  /** As its documentation sets it up. */
  alone: Follow;
  /** With what the last cell names, if anything. */
  helped?: Follow;
}

export const clients: readonly TestedClient[] = [
  { name: '`@eventline/client`, WebSocket', alone: byEventsClient('websocket') },
  { name: '`@eventline/client`, SSE', alone: byEventsClient('sse') },
  { name: 'graphql-ws', alone: alone(byGraphqlWs), helped: resuming(byGraphqlWs) },
  {
    name: 'Apollo Client 4, graphql-ws',
    alone: alone(byApollo4),
    helped: resuming(byHelpedApollo4),
  },
  {
    name: 'Apollo Client 3, graphql-ws',
    alone: alone(byApollo3),
    helped: resuming(byHelpedApollo3),
  },
  { name: 'urql, graphql-ws', alone: alone(byUrql), helped: resuming(byHelpedUrql) },
  { name: 'Relay, graphql-ws', alone: alone(byRelay), helped: resuming(byRelay) },
  { name: 'graphql-sse', alone: byGraphqlSse, helped: byResumingStream },
  { name: 'urql, `fetchSubscriptions`', alone: byUrqlStream },
];
