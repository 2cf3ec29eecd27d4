import { errorTable } from '../../errors.ts';
import { schema } from '../../schema/schema.ts';
import { createTally } from './create-tally.ts';
import type { MetricMakers } from './metric-makers.ts';

export type Transport = 'http' | 'sse' | 'websocket';

/** Label of a subscription whose root field is in a fragment. */
const OTHER = 'other';
const kinds = [...Object.keys(schema.getSubscriptionType()?.getFields() ?? {}), OTHER];
const streams = ['sse', 'websocket'] as const;
/** Background tasks that may fail. */
const tasks = ['retention', 'lists', 'token_keys'] as const;
export type Task = (typeof tasks)[number];

/** Creates the reader metrics: who reads, what is delivered, and at which cost. */
export function readerMetrics({ counter, readCounter, gauges }: MetricMakers) {
  const tally = createTally();
  const open = new Map<string, number>();
  const openOf = (transport: string, kind: string) => open.get(`${transport} ${kind}`) ?? 0;

  const operations = counter(
    'eventline_graphql_operations_total',
    'GraphQL operations started, by kind and transport.',
    [
      ...['query', 'mutation'].flatMap((kind) =>
        ['http', 'websocket'].map((transport) => ({ kind, transport })),
      ),
      ...streams.map((transport) => ({ kind: 'subscription', transport })),
    ],
  );
  const errors = counter(
    'eventline_graphql_errors_total',
    'GraphQL errors sent to clients, by code.',
    Object.keys(errorTable).map((code) => ({ code })),
  );
  gauges(
    'eventline_subscriptions',
    'Open subscriptions by transport and by field of Subscription.',
    ['transport', 'kind'],
    () =>
      streams.flatMap((transport) =>
        kinds.map((kind) => [{ transport, kind }, openOf(transport, kind)] as const),
      ),
  );
  readCounter(
    'eventline_delivered_results_total',
    'Results sent to subscriptions, by transport, and by whether their execution was shared.',
    () => {
      const { webSocketShared, webSocketOwn, sseShared, sseOwn } = tally.delivered;
      return [
        [{ transport: 'websocket', execution: 'shared' }, webSocketShared],
        [{ transport: 'websocket', execution: 'own' }, webSocketOwn],
        [{ transport: 'sse', execution: 'shared' }, sseShared],
        [{ transport: 'sse', execution: 'own' }, sseOwn],
      ];
    },
  );
  readCounter(
    'eventline_result_executions_total',
    'Executions for subscriptions; the result of a shared one is sent to many.',
    () => [
      [{ execution: 'shared' }, tally.executed.shared],
      [{ execution: 'own' }, tally.executed.own],
    ],
  );
  const replayed = counter(
    'eventline_replayed_events_total',
    'Events replayed to subscriptions: read from the log, or from a page shared with another subscription.',
    [{ source: 'log' }, { source: 'shared' }],
  );
  const switches = counter(
    'eventline_slow_reader_switches_total',
    'Subscriptions that overflowed their live queue and went back to reading the log.',
    [],
  );
  const stalled = counter(
    'eventline_stalled_readers_total',
    'Readers that took nothing for STALLED_READER_SECONDS and were disconnected, by transport.',
    [{ transport: 'http' }, { transport: 'websocket' }],
  );
  const faults = counter(
    'eventline_background_faults_total',
    'Failures of background tasks: removing old events, updating the lists, fetching token keys.',
    tasks.map((task) => ({ task })),
  );

  return {
    tally,
    /** Open SSE subscriptions; each occupies a connection. */
    eventStreams: () => kinds.reduce((sum, kind) => sum + openOf('sse', kind), 0),
    onOperation: (kind: string, transport: Transport) => operations.inc({ kind, transport }),
    /** Counts an error sent to a client, by its `extensions.code`. */
    onError: (code: string) => errors.inc({ code }),
    /** Counts a new subscription; the returned function counts its end. */
    onSubscription(transport: Exclude<Transport, 'http'>, field: string): () => void {
      const key = `${transport} ${kinds.includes(field) ? field : OTHER}`;
      open.set(key, (open.get(key) ?? 0) + 1);
      let isOpen = true;
      return () => {
        if (isOpen) open.set(key, (open.get(key) ?? 1) - 1);
        isOpen = false;
      };
    },
    onReplayed: (events: number, isShared: boolean) =>
      replayed.inc({ source: isShared ? 'shared' : 'log' }, events),
    onFallBehind: () => switches.inc(),
    onStalled: (transport: 'http' | 'websocket') => stalled.inc({ transport }),
    onFault: (task: Task) => faults.inc({ task }),
  };
}
