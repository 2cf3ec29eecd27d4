import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import mercurius from 'mercurius';
import { WEBHOOK_PATH } from '../contract.ts';
import { announcePort } from './listen.ts';
import { type Delivery, toEvent } from './to-event.ts';
import { ALL, type EventsArguments, topicOf, topicsFor, typeDefs } from './type-defs.ts';

// As the documentation of mercurius shows subscriptions, with its own pubsub.

const app = fastify();
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    Subscription: {
      events: {
        subscribe: (_: unknown, args: EventsArguments, { pubsub }) =>
          pubsub.subscribe(topicsFor(args)),
      },
    },
  },
  subscription: true,
});
app.post<{ Body: Delivery }>(WEBHOOK_PATH, async (request) => {
  const event = toEvent(request.body);
  const payload = { events: event };
  app.graphql.pubsub.publish({ topic: ALL, payload });
  app.graphql.pubsub.publish({ topic: topicOf(event.userId), payload });
  return { status: 'published' };
});

process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: 0 });
announcePort((app.server.address() as AddressInfo).port);
