import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { Metrics } from '../../observability/metrics/create-metrics.ts';
import type { Tracing } from '../../observability/tracing/tracing.ts';
import type { WebhookOptions } from '../../webhook/handle-delivery.ts';

export interface DeliveryReporters {
  metrics: Pick<Metrics, 'onDelivery'> | undefined;
  tracing: Pick<Tracing, 'onOutcome'> | undefined;
  logger: Pick<Logger, 'trace' | 'info' | 'warn' | 'error'>;
}

/** Returns a function that counts, traces and logs each delivery. */
export function createDeliveryReport({
  metrics,
  tracing,
  logger,
}: DeliveryReporters): WebhookOptions['onOutcome'] {
  return ({ error, ...outcome }, request: IncomingMessage) => {
    metrics?.onDelivery(outcome);
    tracing?.onOutcome(request, outcome);
    if (error !== undefined) logger.error({ ...outcome, err: error }, 'delivery');
    // A sender may retry a refused body for days; its first delivery is logged, all are counted.
    else if (outcome.isRepeated) logger.trace(outcome, 'delivery');
    else if (outcome.isFromFuture) {
      const note = 'delivery: occurred_on is in the future, so lists use the time of receipt';
      logger.warn(outcome, note);
    } else logger.info(outcome, 'delivery');
  };
}
