import { version as nodeVersion } from 'node:process';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { WriterState } from '../../log/append/open-append-path.ts';
import type { LastReceived } from './create-last-received.ts';
import { intakeMetrics } from './intake-metrics.ts';
import { metricMakers } from './metric-makers.ts';
import { readerMetrics } from './reader-metrics.ts';
import { renderAtMost } from './render-at-most.ts';

/** Rendering takes milliseconds, and `/metrics` needs no token. Prometheus scrapes every 15 s. */
const MAX_AGE_MS = 1_000;

/** Values that are read when metrics are scraped. */
export interface Sources {
  /** Events that wait for their insert or are being inserted. */
  intake: () => { events: number; bytes: number };
  /** The last published position. */
  head: () => number;
  /** Number of stored positions that are not published yet, and for how long, in milliseconds. */
  lag: () => { positions: number; ms: number };
  /** Number of published events that the projections do not contain, and for how long. */
  projectionLag: () => { positions: number; ms: number };
  isDatabaseUp: () => boolean;
  writer: () => WriterState;
  open: () => Open;
  /** The number of deliveries in quarantine; undefined until it is known. */
  quarantined: () => number | undefined;
  lastReceived: Pick<LastReceived, 'latest' | typeof Symbol.iterator>;
}

/** Open connections and subscriptions. */
export interface Open {
  connections: number;
  /** The limit (`MAX_CONNECTIONS`). */
  maxConnections: number;
  webSockets: number;
  subscriptions: number;
  /** Subscriptions that receive live events; the others read the log. */
  liveSubscriptions: number;
  /** Reads of the log that wait for the rate limiter (`REPLAY_EVENTS_PER_SECOND`). */
  waitingReplays: number;
}

export interface MetricsOptions {
  /** Includes process metrics; only one server of a process may have them. */
  ofProcess: boolean;
  /** The version of Eventline. */
  version?: string;
  /** Maximum age of the values that a scrape gets, in milliseconds; 1,000 by default. */
  maxAgeMs?: number;
}

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Creates the metrics of a server, named by Prometheus' conventions ("Metric and label naming"):
 * base units, `_total` for counters. All labels have small fixed sets of values: event types of the
 * catalog, codes, answers.
 */
export function createMetrics(
  sources: Sources,
  { ofProcess, version = 'unknown', maxAgeMs = MAX_AGE_MS }: MetricsOptions,
) {
  const register = new Registry();
  if (ofProcess) collectDefaultMetrics({ register });
  const makers = metricMakers(register);
  makers.gauges(
    'eventline_build_info',
    'Always 1; the labels have the versions of Eventline and of Node.js.',
    ['version', 'node'],
    () => [[{ version, node: nodeVersion }, 1]],
  );
  const intake = intakeMetrics(makers);
  const readers = readerMetrics(makers);
  observedGauge(sources, makers, readers.eventStreams);

  return {
    /** The values of all metrics, in the text format of Prometheus (version 0.0.4). */
    read: renderAtMost(maxAgeMs, async () => Buffer.from(await register.metrics())),
    contentType: register.contentType,
    /** Names, types and labels of all metrics, for docs/reference/metrics.md. */
    describe: () => register.getMetricsAsArray(),
    ...intake,
    ...readers,
  };
}

function observedGauge(
  sources: Sources,
  { gauge, gauges, readCounter }: ReturnType<typeof metricMakers>,
  eventStreams: () => number,
): void {
  const { intake, head, lag, projectionLag, isDatabaseUp, writer, open, lastReceived } = sources;
  const { quarantined } = sources;
  gauge(
    'eventline_intake_events',
    'Events that are waiting to be stored or being written.',
    () => intake().events,
  );
  gauge(
    'eventline_intake_bytes',
    'Bytes of deliveries that are waiting to be stored or being written.',
    () => intake().bytes,
  );
  gauge('eventline_log_head_position', 'The last position published by this instance.', head);
  gauge(
    'eventline_follower_lag_positions',
    'Positions known to be in the log and not yet published by this instance.',
    () => lag().positions,
  );
  gauge(
    'eventline_follower_lag_seconds',
    'Seconds for which this instance has had positions to publish and has published none.',
    () => lag().ms / 1_000,
  );
  gauge(
    'eventline_projection_lag_positions',
    'Published events that the lists of users, installations and messages do not contain yet.',
    () => projectionLag().positions,
  );
  gauge(
    'eventline_projection_lag_seconds',
    'Age in seconds of the oldest event that the lists do not contain; up to 10 are normal, since they are updated every few seconds.',
    () => projectionLag().ms / 1_000,
  );
  gauge(
    'eventline_database_up',
    '1 while the database can be followed and takes writes, otherwise 0.',
    () => Number(isDatabaseUp()),
  );
  gauge(
    'eventline_writer_lease',
    '1 at the instance that holds the writer lease and appends to the log, else 0.',
    () => Number(writer().isHolder),
  );
  readCounter(
    'eventline_writer_takeovers_total',
    'How often this instance took the writer lease: it was free, or its holder had stopped renewing it.',
    () => Object.entries(writer().takeOvers).map(([reason, count]) => [{ reason }, count]),
  );
  gauge(
    'eventline_inbox_events',
    'Acknowledged events in the inbox, including those moved to the log in the last second or two.',
    () => writer().inboxEvents,
  );
  gauge(
    'eventline_inbox_age_seconds',
    'For how long the same event has been the first one in the inbox.',
    () => writer().inboxAgeMs / 1_000,
  );
  gauges(
    'eventline_quarantine_deliveries',
    'Deliveries in quarantine, as of the scrape before.',
    [],
    () => {
      const count = quarantined();
      return count === undefined ? [] : [[{}, count]];
    },
  );
  gauges(
    'eventline_connections',
    'TCP connections by use; event streams are subscriptions over SSE.',
    ['kind'],
    () => {
      const { connections, webSockets } = open();
      const others = Math.max(0, connections - webSockets - eventStreams());
      return [
        [{ kind: 'websocket' }, webSockets],
        [{ kind: 'event_stream' }, eventStreams()],
        [{ kind: 'http' }, others],
      ];
    },
  );
  gauge(
    'eventline_connections_limit',
    'The limit on TCP connections (MAX_CONNECTIONS).',
    () => open().maxConnections,
  );
  gauges(
    'eventline_feed_subscriptions',
    'Open subscriptions by state: live, or replaying missed events from the log.',
    ['state'],
    () => {
      const { subscriptions, liveSubscriptions } = open();
      return [
        [{ state: 'live' }, liveSubscriptions],
        [{ state: 'replaying' }, Math.max(0, subscriptions - liveSubscriptions)],
      ];
    },
  );
  gauge(
    'eventline_replays_waiting',
    'Reads of the log that wait for the rate limit (REPLAY_EVENTS_PER_SECOND).',
    () => open().waitingReplays,
  );
  const ageOf = (atMs: number) => Math.max(0, (Date.now() - atMs) / 1_000);
  gauge(
    'eventline_sender_quiet_seconds',
    'Seconds since any instance received an event of any type; while the log is empty, seconds since this instance started.',
    () => ageOf(lastReceived.latest()),
  );
  gauges(
    'eventline_last_event_age_seconds',
    'Seconds since any instance received an event of this type.',
    ['type'],
    () => [...lastReceived].map(([type, atMs]) => [{ type }, ageOf(atMs)] as const),
  );
}
