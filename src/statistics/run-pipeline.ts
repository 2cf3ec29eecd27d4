import type mongoose from 'mongoose';
import { describeLimit, type Limits } from '../config/limits.ts';
import { EventlineError } from '../errors.ts';
import type { Span } from '../log/read/log-reader.ts';
import type { LogState } from '../log/state/log-state.ts';
import { createFairQueue } from '../memory/create-fair-queue.ts';
import { jsonSize } from '../memory/json-size.ts';
import { workSlices } from '../memory/work-slices.ts';
import type { EventDocument } from '../storage/documents.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { Collection } from '../storage/models.ts';
import { explainPipelineError } from './explain-pipeline-error.ts';
import { matchesMost } from './matches-most.ts';

/** Concurrent computations; each may occupy the database for seconds. */
const AT_ONCE = 2;
/** Maximum number of queued computations. */
const MAX_WAITING = 30;

export type StatisticsLimits = Pick<
  Limits,
  'maxBuckets' | 'maxAnswerBytes' | 'statisticsTimeoutMs'
>;
export type Document = mongoose.mongo.Document;

/** What statistics are computed from. */
export interface StatisticsSource {
  events: Collection<EventDocument>;
  logState: Pick<LogState, 'run' | 'occupied'>;
  /** The last position that this process has published. */
  head: () => number;
}

/** Runs pipelines over the events of one span and returns their documents. */
export type Aggregate = (pipeline: (span: Span) => Document[]) => Promise<Document[]>;

/**
 * The result of all pipelines of one computation, with the span of the log that all of them read.
 */
export interface Seen<T> {
  span: Span;
  result: T;
}

export interface StatisticsOptions {
  limits: StatisticsLimits;
  /** Only events after this position, which a cursor named. */
  after?: number | undefined;
  /** The key of the viewer who waits for the result. */
  viewer?: string | undefined;
}

/**
 * Creates the runner of statistics. All pipelines of one computation read the same closed span of
 * positions under one version of the log's state; otherwise they are repeated. The answer therefore
 * describes one moment.
 */
export function createStatisticsRunner({ events, logState, head }: StatisticsSource) {
  const queue = createFairQueue(
    { atOnce: AT_ONCE, maxWaiting: MAX_WAITING },
    () =>
      new EventlineError(
        'RATE_LIMITED',
        'Too many statistics are requested at once. Try again shortly.',
      ),
  );

  async function aggregate(
    pipeline: Document[],
    { limits, isWhole, span }: { limits: StatisticsLimits; isWhole: boolean; span: Span },
  ): Promise<Document[]> {
    const match = pipeline[0]?.$match ?? {};
    const isWalked =
      isWhole && (await mapDatabaseError(matchesMost(events, match, logState.occupied(span))));
    const found = events.aggregate(pipeline, {
      allowDiskUse: true,
      maxTimeMS: limits.statisticsTimeoutMs,
      ...(isWalked && { hint: { $natural: 1 } }),
      readConcern: { level: 'majority' },
    });
    return mapDatabaseError(
      takeAll(found, limits).catch((error) => {
        throw explainPipelineError(error, limits);
      }),
    );
  }

  function runOnce<T>(
    { limits, after = 0 }: StatisticsOptions,
    work: (aggregate: Aggregate) => Promise<T>,
  ): Promise<Seen<T>> {
    return logState.run(async ({ removedUpTo }) => {
      const from = Math.max(after, removedUpTo);
      const span = { after: from, upTo: Math.max(from, head()) };
      const how = { limits, isWhole: after <= removedUpTo, span };
      const result = await work((pipeline) => aggregate(pipeline(span), how));
      return { span, result };
    });
  }

  /**
   * @throws EventlineError BAD_USER_INPUT over the time limit, RATE_LIMITED when the queue is full
   */
  return function runStatistics<T>(
    options: StatisticsOptions,
    work: (aggregate: Aggregate) => Promise<T>,
  ): Promise<Seen<T>> {
    return queue.run(options.viewer, () => runOnce(options, work));
  };
}

export type RunStatistics = ReturnType<typeof createStatisticsRunner>;

/** The query condition of a closed span. */
export function inSpan({ after, upTo }: Span) {
  return { position: { $gt: after, $lte: upTo } };
}

/** @throws EventlineError when a pipeline returned more rows than allowed */
export function refuseTooMany(rows: readonly unknown[], limits: StatisticsLimits): void {
  if (rows.length <= limits.maxBuckets) return;
  throw new EventlineError(
    'BAD_USER_INPUT',
    `by: this makes more than ${describeLimit(limits, 'maxBuckets')} buckets. Ask for longer units of time, fewer dimensions, or narrow \`filter\`.`,
  );
}

/** @throws EventlineError RESPONSE_TOO_LARGE: rows contain texts of the sender, of any length */
async function takeAll(
  found: AsyncIterable<Document>,
  limits: StatisticsLimits,
): Promise<Document[]> {
  const rows: Document[] = [];
  const slices = workSlices.open();
  let bytes = 0;
  for await (const row of found) {
    const sizeBytes = jsonSize(row, limits.maxAnswerBytes);
    bytes += sizeBytes;
    if (bytes > limits.maxAnswerBytes) {
      throw new EventlineError(
        'RESPONSE_TOO_LARGE',
        `by: the rows have more than ${describeLimit(limits, 'maxAnswerBytes')} bytes. Ask for longer units of time, fewer dimensions, or narrow \`filter\`.`,
      );
    }
    rows.push(row);
    await slices.spend(sizeBytes);
  }
  return rows;
}
