import type { Logger } from 'pino';
import type { StoredEvent } from '../../catalog/event.ts';
import type { Log } from '../../log/log.ts';
import type { Projections } from '../../projections/projections.ts';
import { subscribe } from '../subscribe.ts';
import { createDriftWatch } from './create-drift-watch.ts';
import { createLastReceived } from './create-last-received.ts';
import { createMetrics, type Metrics, type MetricsOptions, type Open } from './create-metrics.ts';
import { lastKnown } from './last-known.ts';

export interface Observer {
  /** Undefined when metrics are off; nothing is counted then. */
  metrics: Metrics | undefined;
  /** Reports each published event. */
  published(event: StoredEvent): void;
  /** Connects the log, the projections and the open connections once they exist. */
  attach(log: Log, views: Pick<Projections, 'lag'>, open: () => Open): void;
  close(): void;
}

const NOTHING_OPEN: Open = {
  ...{ connections: 0, maxConnections: 0, webSockets: 0 },
  ...{ subscriptions: 0, liveSubscriptions: 0, waitingReplays: 0 },
};

const NO_WRITER_STATE = {
  ...{ isHolder: false, inboxEvents: 0, inboxAgeMs: 0 },
  takeOvers: { free: 0, expired: 0 },
};

/**
 * Observes a server from its first event on: metrics, and a warning for unknown types and fields.
 *
 * @param metricsOptions `false` turns metrics off
 */
export function observe(logger: Logger, metricsOptions: false | MetricsOptions): Observer {
  let log: Log | undefined;
  let views: Pick<Projections, 'lag'> | undefined;
  let open = () => NOTHING_OPEN;
  let quarantined: () => number | undefined = () => undefined;
  const lastReceived = createLastReceived();
  const metrics = metricsOptions
    ? createMetrics(
        {
          intake: () => log?.appender.waiting() ?? { events: 0, bytes: 0 },
          head: () => log?.tailer.head() ?? 0,
          lag: () => log?.tailer.lag() ?? { positions: 0, ms: 0 },
          projectionLag: () => views?.lag() ?? { positions: 0, ms: 0 },
          isDatabaseUp: () => (log ? log.tailer.state().following && log.writable() : false),
          writer: () => log?.writer() ?? NO_WRITER_STATE,
          quarantined: () => quarantined(),
          open: () => open(),
          lastReceived,
        },
        metricsOptions,
      )
    : undefined;
  const watchDrift = createDriftWatch({
    onDrift: (drift) => metrics?.onDrift(drift),
    onNew: (drift) => logger.warn(drift, 'the sender has something that the catalog does not know'),
  });
  return {
    metrics,
    close: subscribe(logger, metrics),
    published(event) {
      if (metrics) {
        metrics.onPublished(event);
        lastReceived.add(event);
      }
      watchDrift(event);
    },
    attach(its, itsViews, opened) {
      if (metrics === undefined) return;
      log = its;
      views = itsViews;
      open = opened;
      quarantined = lastKnown(its.quarantine.size);
      // So that the first scrape has it.
      quarantined();
      lastReceived.recall(its.reader, its.tailer.head()).catch((error: unknown) => {
        logger.warn({ err: error }, 'when the last events came is known from now on only');
      });
    },
  };
}
