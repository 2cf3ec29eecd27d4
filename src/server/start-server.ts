import { completeLimits } from '../config/limits.ts';
import { createFeed, type Feed } from '../feed/feed.ts';
import { createRateLimiter } from '../feed/rate-limiter.ts';
import { createMemoryBudget } from '../memory/memory-budget.ts';
import { observe } from '../observability/metrics/observe.ts';
import { createProjections } from '../projections/projections.ts';
import { createEventLog } from './create-event-log.ts';
import { createHttpServer, type EventlineServer } from './http/create-http-server.ts';
import type { ServerOptions } from './server-options.ts';

/**
 * Starts a server: the webhook writes to the log, the tailer publishes to the feed, the schema
 * reads from both.
 *
 * @throws LogUnavailableError when the database cannot be used, and errors of `listen`; the
 * database is closed again
 */
export async function startServer(options: ServerOptions): Promise<EventlineServer> {
  const { mongodbUri, logger, maxWaiting, timeoutMs, retentionMs: keepMs } = options;
  const { erasureAnnounceMs, tracing } = options;
  const { metrics = { ofProcess: false }, version = 'unknown' } = options;
  const observer = observe(logger, metrics && { version, ...metrics });
  const { metrics: counted } = observer;
  let publish: Parameters<typeof createEventLog>[0]['onEvent'] = () => undefined;
  let expire: Feed['expire'] = () => undefined;
  const log = await createEventLog({
    uri: mongodbUri,
    onEvent: (event, more) => publish(event, more),
    onSkipped(removedUpTo) {
      logger.error(
        { removedUpTo },
        'events were removed before this instance could publish them; it ends its subscriptions',
      );
      expire(removedUpTo);
    },
    ...{ maxWaiting, timeoutMs, isSole: options.isSole },
    countsRepeats: true,
    erasureAnnounceMs,
    ...(keepMs !== undefined && { retention: { keepMs } }),
  }).catch((error) => {
    observer.close();
    throw error;
  });
  const limits = completeLimits(options.limits);
  const rateLimiter = createRateLimiter({ eventsPerSecond: limits.replayEventsPerSecond });
  const memory = createMemoryBudget(limits);
  const feed = createFeed({
    reader: log.reader,
    head: log.tailer.head,
    expired: log.expired,
    rateLimiter: rateLimiter.take,
    memory,
    logState: log.state,
    onFallBehind: counted?.onFallBehind,
    onReplayed: counted?.onReplayed,
    onStuck(error) {
      if (error === undefined) logger.info('all replays read the log again');
      else logger.error({ err: error }, 'a replay has failed to read the log for long; it retries');
    },
  });
  expire = feed.expire;
  const views = createProjections({
    log,
    timeoutMs,
    isBusy: () => log.appender.waiting().events > 0,
  });
  publish = (event, more) => {
    const published = tracing?.onPublish(event);
    feed.publish(event, more);
    if (!more) views.onEvent();
    observer.published(event);
    published?.();
  };
  try {
    return await createHttpServer({ log, feed, rateLimiter, views, memory, observer }, options);
  } catch (error) {
    await views.close();
    await log.close();
    observer.close();
    throw error;
  }
}
