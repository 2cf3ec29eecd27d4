import { createServer } from 'node:http';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { PubSub, withFilter } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { GRAPHQL_PATH } from '../contract.ts';
import { listen } from './listen.ts';
import { receiveDeliveries } from './receive-deliveries.ts';
import { toEvent } from './to-event.ts';
import { ALL, type EventsArguments, topicOf, topicsFor, typeDefs } from './type-defs.ts';

// As the documentation of Apollo Server and graphql-subscriptions shows: graphql-js, graphql-ws and
// their PubSub. With the argument `filter` a function per subscriber selects events, else a topic.

const byFilter = process.argv[2] === 'filter';
const pubsub = new PubSub();

const subscribeByTopic = (_: unknown, args: EventsArguments) =>
  pubsub.asyncIterableIterator(topicsFor(args));
const subscribeByFilter = withFilter(
  () => pubsub.asyncIterableIterator(ALL),
  (payload, args?: EventsArguments) =>
    args?.filter?.userIds?.includes(payload.events.userId) ?? true,
);

const schema = makeExecutableSchema({
  typeDefs,
  resolvers: {
    Subscription: { events: { subscribe: byFilter ? subscribeByFilter : subscribeByTopic } },
  },
});

const server = createServer(
  receiveDeliveries((body) => {
    const event = toEvent(JSON.parse(body.toString()));
    const payload = { events: event };
    void pubsub.publish(ALL, payload);
    if (!byFilter) void pubsub.publish(topicOf(event.userId), payload);
    return { status: 'published' };
  }),
);
useServer({ schema }, new WebSocketServer({ server, path: GRAPHQL_PATH }));
listen(server);
