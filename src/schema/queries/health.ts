import { rightsOf, scopes } from '../../auth/viewer.ts';
import { EventlineError } from '../../errors.ts';
import { createStoredCounter } from '../../log/read/count-stored-since.ts';
import { builder } from '../builder.ts';
import { READS } from '../complexity.ts';
import type { GraphqlContext } from '../context.ts';
import { withExample } from '../with-example.ts';

/** What describes the server itself, apart from the values that are read from the log. */
interface Health {
  feed: { positions: number; ms: number };
  lists: { positions: number; ms: number };
}

type Log = GraphqlContext['log'];
const counters = new WeakMap<Log['reader'], ReturnType<typeof createStoredCounter>>();

function counterOf({ reader, tailer, state }: Log) {
  const counter = counters.get(reader) ?? createStoredCounter(reader, tailer.head, state.occupied);
  counters.set(reader, counter);
  return counter;
}

const SECONDS_EXAMPLE = 0.4;

const HealthRef = builder.objectRef<Health>('Health').implement({
  description:
    'How the server is doing, according to the instance that answers. Example: `health { lastReceivedAt listsLagSeconds }`.',
  fields: (t) => ({
    isDatabaseUp: t.boolean({
      description: 'Whether this instance can follow the log in the database.',
      resolve: (_, __, { log }) => log.tailer.state().following,
    }),
    lastReceivedAt: t.field({
      type: 'DateTime',
      nullable: true,
      extensions: READS,
      description: withExample(
        'Time of receipt of the newest event; null while the log is empty.',
        '2021-09-14T15:55:13.005Z',
      ),
      async resolve(_, __, { log }) {
        const upTo = log.tailer.head();
        const { events } = await log.reader.read(
          { after: 0, upTo },
          { limit: 1, direction: 'backward' },
        );
        return events[0]?.receivedAt;
      },
    }),
    storedSince: t.field({
      type: 'SafeInt',
      extensions: READS,
      description: withExample(
        'Number of events stored since an instant, by their times of receipt; events retried from quarantine count when they were retried.',
        212,
      ),
      args: {
        since: t.arg({
          type: 'DateTime',
          required: true,
          description: withExample('The instant.', '2021-09-14T00:00:00Z'),
        }),
      },
      resolve: (_, { since }, { log }) => counterOf(log)(since),
    }),
    feedLagPositions: t.field({
      type: 'SafeInt',
      description: withExample('Stored events that are not published to subscriptions yet.', 0),
      resolve: ({ feed }) => feed.positions,
    }),
    feedLagSeconds: t.float({
      description: withExample(
        'For how long there have been such events without one being published. Unit: seconds.',
        SECONDS_EXAMPLE,
      ),
      resolve: ({ feed }) => feed.ms / 1_000,
    }),
    listsLagPositions: t.field({
      type: 'SafeInt',
      description: withExample(
        'Published events that the lists (`users`, `installations`, `messages`) do not contain yet. A query of a list waits for them.',
        212,
      ),
      resolve: ({ lists }) => lists.positions,
    }),
    listsLagSeconds: t.float({
      description: withExample(
        'For how long the lists have been behind; a few seconds are normal. Unit: seconds.',
        SECONDS_EXAMPLE,
      ),
      resolve: ({ lists }) => lists.ms / 1_000,
    }),
    quarantined: t.int({
      nullable: true,
      extensions: READS,
      description: withExample(
        `Number of refused deliveries in quarantine; null without the scope \`${scopes.admin}\`.`,
        2,
      ),
      resolve: (_, __, { viewer, log }) => (rightsOf(viewer).admin ? log.quarantine.size() : null),
    }),
  }),
});

builder.queryField('health', (t) =>
  t.field({
    type: HealthRef,
    description: `How the server is doing; it needs the scope \`${scopes.readAll}\`.`,
    resolve(_, __, { viewer, log, views }) {
      if (!viewer.scopes.has(scopes.readAll)) {
        throw new EventlineError('FORBIDDEN', `health: the scope ${scopes.readAll} is needed.`);
      }
      return { feed: log.tailer.lag(), lists: views.lag() };
    },
  }),
);
