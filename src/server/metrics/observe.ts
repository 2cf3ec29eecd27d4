import type { Logger } from 'pino';
import type { StoredEvent } from '../../catalog/event.ts';
import type { Log } from '../../log/log.ts';
import { createDriftWatch } from './create-drift-watch.ts';
import { createLastReceived } from './create-last-received.ts';
import { createMetrics, type Metrics, type Sources } from './create-metrics.ts';

export interface Observer {
  metrics: Metrics;
  /** Each event that is published. */
  published(event: StoredEvent): void;
  /** The log and what is open, once they are there. */
  attach(log: Log, open: Sources['open']): void;
}

const NOTHING_OPEN = { connections: 0, webSockets: 0, subscriptions: 0 };

/** Watches a server from its first event on: metrics, and a warning for what is new in events. */
export function observe(logger: Logger, hasProcess: boolean): Observer {
  let log: Log | undefined;
  let open: Sources['open'] = () => NOTHING_OPEN;
  const lastReceived = createLastReceived();
  const metrics = createMetrics(
    {
      intake: () => log?.appender.waiting() ?? { events: 0, bytes: 0 },
      head: () => log?.follower.head() ?? 0,
      lag: () => log?.follower.lag() ?? { positions: 0 },
      isDatabaseUp: () => log?.follower.state().following ?? false,
      open: () => open(),
      lastReceived: () => lastReceived,
    },
    hasProcess,
  );
  const watchDrift = createDriftWatch({
    onDrift: metrics.onDrift,
    onNew: (drift) => logger.warn(drift, 'the sender has something that the catalog does not know'),
  });
  return {
    metrics,
    published(event) {
      metrics.onPublished(event);
      lastReceived.add(event);
      watchDrift(event);
    },
    attach(its, opened) {
      log = its;
      open = opened;
      lastReceived.recall(its.reader, its.follower.head()).catch((error: unknown) => {
        logger.warn({ err: error }, 'when the last events came is known from now on only');
      });
    },
  };
}
