import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { StoredEvent } from '../../catalog/event.ts';
import type { InsertReport } from '../../log/append.ts';
import type { DeliveryOutcome } from '../../webhook/handle-delivery.ts';
import { plainError } from '../plain-error.ts';
import { type Handler, sendJson } from '../route-requests.ts';
import type { Drift } from './create-drift-watch.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];
const BATCH_EVENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** What is looked up when the metrics are asked for, and not counted meanwhile. */
export interface Sources {
  /** Events that wait to be stored, with those that are being written. */
  intake: () => { events: number; bytes: number };
  /** The last position that was published. */
  head: () => number;
  /** Positions that are known to be there and are not published yet. */
  lag: () => { positions: number };
  isDatabaseUp: () => boolean;
  open: () => { connections: number; webSockets: number; subscriptions: number };
  /** When the last event of each type was received, in milliseconds since 1970. */
  lastReceived: () => Iterable<readonly [type: string, atMs: number]>;
}

export interface Metrics {
  /** Answers in the text format of Prometheus (version 0.0.4). */
  handler: Handler;
  onDelivery(outcome: DeliveryOutcome): void;
  onInsert(report: InsertReport): void;
  onPublished(event: StoredEvent): void;
  onDrift(drift: Drift): void;
  onOperation(kind: string, transport: 'http' | 'websocket'): void;
  /** An error that a client was told, by its `extensions.code`. */
  onError(code: string): void;
}

/**
 * Makes the metrics of a server, named after Prometheus' conventions ("Metric and label naming"): base
 * units, `_total` for counters. All labels come from small fixed sets: event types of the catalog,
 * codes, answers.
 *
 * @param hasProcess the metrics of the process as well; only one server of a process may have them
 */
export function createMetrics(sources: Sources, hasProcess: boolean): Metrics {
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  if (hasProcess) collectDefaultMetrics({ register });

  const deliveries = new Counter({
    registers,
    name: 'eventline_deliveries_total',
    help: 'Webhook deliveries by what was answered (stored, duplicate, erased, or the problem) and by event type (none where it was not read).',
    labelNames: ['answer', 'type'] as const,
  });
  const deliverySeconds = new Histogram({
    registers,
    name: 'eventline_delivery_duration_seconds',
    help: 'From the headers of a delivery to its answer, by HTTP status.',
    labelNames: ['status'] as const,
    buckets: SECONDS,
  });
  const batchEvents = new Histogram({
    registers,
    name: 'eventline_append_batch_events',
    help: 'Events in one insert.',
    buckets: BATCH_EVENTS,
  });
  const appendSeconds = new Histogram({
    registers,
    name: 'eventline_append_duration_seconds',
    help: 'One insert until it is durable on a majority, by outcome (all, repeat, race-lost, refused, unclear).',
    labelNames: ['outcome'] as const,
    buckets: SECONDS,
  });
  const published = new Counter({
    registers,
    name: 'eventline_published_events_total',
    help: 'Events given to the live feed, of all instances, by type.',
    labelNames: ['type'] as const,
  });
  const publishDelay = new Histogram({
    registers,
    name: 'eventline_publish_delay_seconds',
    help: 'From the reception of an event, at whichever instance, to its publication here; clocks of machines differ.',
    buckets: SECONDS,
  });
  const drift = new Counter({
    registers,
    name: 'eventline_drift_events_total',
    help: 'Events that the catalog does not describe: of an unknown type, or with undeclared fields.',
    labelNames: ['kind', 'type'] as const,
  });
  const operations = new Counter({
    registers,
    name: 'eventline_graphql_operations_total',
    help: 'GraphQL operations that were begun, by kind and transport.',
    labelNames: ['kind', 'transport'] as const,
  });
  const errors = new Counter({
    registers,
    name: 'eventline_graphql_errors_total',
    help: 'GraphQL errors that clients were told, by code.',
    labelNames: ['code'] as const,
  });

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ registers, name, help },
      collect() {
        this.set(read());
      },
    });
  gauge(
    'eventline_intake_events',
    'Events that wait to be stored or are being written.',
    () => sources.intake().events,
  );
  gauge(
    'eventline_intake_bytes',
    'Bytes of the deliveries that wait to be stored or are being written.',
    () => sources.intake().bytes,
  );
  gauge('eventline_log_head_position', 'The last position that was published here.', sources.head);
  gauge(
    'eventline_follower_lag_positions',
    'Positions that are known to be in the log and are not published here yet.',
    () => sources.lag().positions,
  );
  gauge('eventline_database_up', '1 while the database can be followed, else 0.', () =>
    Number(sources.isDatabaseUp()),
  );
  gauge(
    'eventline_connections',
    'TCP connections, of all kinds.',
    () => sources.open().connections,
  );
  gauge('eventline_websockets', 'WebSocket connections.', () => sources.open().webSockets);
  gauge('eventline_subscriptions', 'Open subscriptions.', () => sources.open().subscriptions);
  new Gauge({
    registers,
    name: 'eventline_last_event_age_seconds',
    help: 'Since the last event of this type was received, by any instance.',
    labelNames: ['type'] as const,
    collect() {
      for (const [type, atMs] of sources.lastReceived()) {
        this.set({ type }, Math.max(0, (Date.now() - atMs) / 1_000));
      }
    },
  });

  return {
    async handler(request, response, requestId) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        return sendJson(response, 405, plainError('BAD_USER_INPUT', 'use GET', requestId));
      }
      const text = await register.metrics();
      response.writeHead(200, {
        'Content-Type': register.contentType,
        'Cache-Control': 'no-store',
      });
      response.end(text);
    },
    onDelivery({ answer, eventType = 'none', status, durationMs }) {
      deliveries.inc({ answer, type: eventType });
      deliverySeconds.observe({ status }, durationMs / 1_000);
    },
    onInsert({ events, durationMs, outcome }) {
      batchEvents.observe(events);
      appendSeconds.observe({ outcome }, durationMs / 1_000);
    },
    onPublished({ type, receivedAt }) {
      published.inc({ type });
      publishDelay.observe(Math.max(0, (Date.now() - receivedAt.getTime()) / 1_000));
    },
    onDrift: ({ kind, type }) => drift.inc({ kind, type }),
    onOperation: (kind, transport) => operations.inc({ kind, transport }),
    onError: (code) => errors.inc({ code }),
  };
}
