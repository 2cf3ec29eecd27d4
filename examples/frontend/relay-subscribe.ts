import type { Client } from 'graphql-ws';
import { type GraphQLResponse, Observable, type SubscribeFunction } from 'relay-runtime';

/** Returns Relay's function for subscriptions: `Network.create(fetchQuery, relaySubscribe(socket))`. */
export const relaySubscribe =
  (socket: Client): SubscribeFunction =>
  ({ name, text }, variables) =>
    Observable.create<GraphQLResponse>((sink) =>
      socket.subscribe(
        { operationName: name, query: text ?? '', variables },
        {
          next: (result) => sink.next(result as GraphQLResponse),
          error: (cause) => sink.error(cause as Error),
          complete: () => sink.complete(),
        },
      ),
    );
