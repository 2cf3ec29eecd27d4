import type { Logger } from 'pino';
import { keySetFaults } from '../auth/create-key-set.ts';
import { completedErasures } from '../erasure/eraser.ts';
import { inserts, leaseChanges, positionDelays } from '../log/append/telemetry.ts';
import { removals } from '../log/retention.ts';
import { tailerStates } from '../log/tail/log-tailer.ts';
import { writeStates } from '../log/tail/probe-writes.ts';
import { faults, progress } from '../projections/telemetry.ts';
import { indexFaults } from '../storage/keep-position-index.ts';
import { indexBuilds } from '../storage/models.ts';
import type { DeliveryReport } from '../webhook/outcome.ts';
import { deliveryReports } from '../webhook/telemetry.ts';
import type { Metrics } from './metrics/create-metrics.ts';
import type { Task } from './metrics/reader-metrics.ts';

/**
 * Logs and counts what the parts of the process report, until the returned function is called.
 *
 * @param metrics undefined when metrics are off
 */
export function subscribe(logger: Logger, metrics: Metrics | undefined): () => void {
  const failed = (task: Task, text: string) => (error: unknown) => {
    metrics?.onFault(task);
    logger.error({ err: error }, text);
  };
  const cannotRemove = failed('retention', 'old events cannot be removed');
  const ends = [
    indexBuilds.subscribe((index) => logger.info(index, 'an index is being built')),
    tailerStates.subscribe(({ following, error }) => {
      if (following) logger.info('the database is back');
      else logger.error({ err: error }, 'the database cannot be followed');
    }),
    writeStates.subscribe(({ writable, error }) => {
      if (writable) logger.info('the database takes writes again');
      else logger.error({ err: error }, 'the database takes no writes');
    }),
    leaseChanges.subscribe(({ isHolder, reason }) => {
      if (isHolder) logger.info({ reason }, 'this instance took the writer lease');
      else logger.warn('this instance lost the writer lease');
    }),
    removals.subscribe((outcome) => {
      if ('error' in outcome) cannotRemove(outcome.error);
      else logger.info(outcome, 'old events were removed');
    }),
    indexFaults.subscribe((error) =>
      logger.error({ err: error }, 'two events have the same position'),
    ),
    completedErasures.subscribe((outcome) => logger.info(outcome, 'a user was erased')),
    progress.subscribe((reached) => logger.info(reached, 'the lists are being built')),
    faults.subscribe(failed('lists', 'the lists cannot be built')),
    keySetFaults.subscribe(failed('token_keys', 'the keys of tokens cannot be fetched')),
    deliveryReports.subscribe(({ report }) => {
      metrics?.onDelivery(report);
      logDelivery(logger, report);
    }),
    ...(metrics
      ? [inserts.subscribe(metrics.onInsert), positionDelays.subscribe(metrics.onPosition)]
      : []),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function logDelivery(logger: Logger, { error, ...report }: DeliveryReport): void {
  if (error !== undefined) logger.error({ ...report, err: error }, 'delivery');
  // A sender may retry a refused body for days; its first delivery is logged, all are counted.
  else if (report.isRepeated) logger.trace(report, 'delivery');
  else if (report.isFromFuture || report.isTooOld) {
    const fault = report.isTooOld ? 'before 2008' : 'in the future';
    logger.warn(report, `delivery: occurred_on is ${fault}, so lists use the time of receipt`);
  } else logger.info(report, 'delivery');
}
