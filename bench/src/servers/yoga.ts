import { createServer } from 'node:http';
import type { ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga, Repeater } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { GRAPHQL_PATH, WEBHOOK_PATH } from '../contract.ts';
import { listen } from './listen.ts';
import { receiveDeliveries } from './receive-deliveries.ts';
import { type PublishedEvent, toEvent } from './to-event.ts';
import { ALL, type EventsArguments, topicOf, topicsFor, typeDefs } from './type-defs.ts';

// As the documentation of Yoga shows subscriptions and graphql-ws, with its createPubSub.

type Root = Record<'execute' | 'subscribe', (args: ExecutionArgs) => never>;

const pubSub = createPubSub<Record<string, [PublishedEvent]>>();
const yoga = createYoga({
  graphqlEndpoint: GRAPHQL_PATH,
  logging: false,
  schema: createSchema({
    typeDefs,
    resolvers: {
      Subscription: {
        events: {
          subscribe(_: unknown, args: EventsArguments) {
            const [first = ALL, ...others] = topicsFor(args);
            if (others.length === 0) return pubSub.subscribe(first);
            return Repeater.merge([first, ...others].map((topic) => pubSub.subscribe(topic)));
          },
          resolve: (event: PublishedEvent) => event,
        },
      },
    },
  }),
});

const handleDelivery = receiveDeliveries((body) => {
  const event = toEvent(JSON.parse(body.toString()));
  pubSub.publish(ALL, event);
  pubSub.publish(topicOf(event.userId), event);
  return { status: 'published' };
});
const server = createServer((request, response) => {
  if (request.url === WEBHOOK_PATH) return handleDelivery(request, response);
  return yoga(request, response);
});
useServer(
  {
    execute: (args) => (args.rootValue as Root).execute(args),
    subscribe: (args) => (args.rootValue as Root).subscribe(args),
    async onSubscribe(context, _id, payload) {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params: payload,
      });
      const args = {
        schema,
        operationName: payload.operationName,
        document: parse(payload.query),
        variableValues: payload.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
  },
  new WebSocketServer({ server, path: GRAPHQL_PATH }),
);
listen(server);
