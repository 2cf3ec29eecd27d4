import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { completeLimits } from '../../config/limits.ts';
import type { Feed } from '../../feed/feed.ts';
import type { createRateLimiter } from '../../feed/rate-limiter.ts';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import type { Observer } from '../../observability/metrics/observe.ts';
import type { Projections } from '../../projections/projections.ts';
import { createBodyBudget } from '../../webhook/body-budget.ts';
import { createWebhook } from '../../webhook/handle-delivery.ts';
import { retryRejected } from '../../webhook/retry-rejected.ts';
import { createSignatureScheme } from '../../webhook/signature-scheme.ts';
import type { EventLog } from '../create-event-log.ts';
import { createGraphqlServer } from '../graphql/assemble-graphql.ts';
import { acceptsHtml, serveGraphiql } from '../pages/serve-graphiql.ts';
import { serveLivePage } from '../pages/serve-live-page.ts';
import type { ServerOptions } from '../server-options.ts';
import { SIGN_IN, signInRoutes } from '../sign-in/sign-in-routes.ts';
import { serveWebSockets } from '../websocket/serve-web-sockets.ts';
import { startSuspendAwareInterval } from '../websocket/suspend-aware-interval.ts';
import { createCors } from './allowed-origin.ts';
import { createDeliveryRoutes } from './create-delivery-routes.ts';
import { answered, closedWithin } from './drain-responses.ts';
import { allowHalfClosed, endWithReader } from './half-closed.ts';
import { createHealth } from './health.ts';
import { limitConnections, RESERVED } from './limit-connections.ts';
import { listen } from './listen.ts';
import { maxConnectionsOf } from './max-connections.ts';
import { refuseBrokenRequests } from './refuse-broken-requests.ts';
import {
  type Handler,
  notFound,
  refusePipelined,
  routeRequests,
  sendError,
} from './route-requests.ts';
import { serializeRequests } from './serialize-requests.ts';
import { contractRoutes } from './serve-contracts.ts';
import { createMetricsEndpoint } from './serve-metrics.ts';
import { timeoutsOf } from './timeouts-of.ts';
import { watchConnections } from './watch-connections.ts';

const GRAPHQL = '/graphql';
const WEBHOOK = '/webhooks/events';
/** Time limit for pending deliveries when the server stops. */
const GRACE_MS = 15_000;
/** Time limit for the database when the server stops; then its connection is closed. */
const DATABASE_GRACE_MS = 10_000;
/** Time limit for event streams to announce their end. */
const CLOSE_MS = 1_000;
/** Memory budget of all delivery bodies, in bytes. */
const MAX_IN_FLIGHT_BYTES = 64 * 1024 * 1024;
/** The part of it that unverified bodies from one address may hold. */
const PART_OF_ADDRESS = 1 / 4;
/** Interval at which the rates of bodies are measured. */
const MEASURE_RATES_MS = 250;
/** Maximum pipelined requests that wait, on all connections together. */
const MAX_PIPELINED = 10_000;

export interface EventlineServer {
  /** `http://host:port` without a trailing slash. */
  readonly url: string;
  /** The port of `/metrics` alone, if there is one. */
  readonly metricsPort: number | undefined;
  /** Number of open connections, sockets and subscriptions, and the memory of their answers. */
  open(): { connections: number; webSockets: number; subscriptions: number; heldBytes: number };
  /**
   * Shuts down gracefully: stops accepting, answers pending requests, ends subscriptions, closes
   * the database.
   */
  close(): Promise<void>;
}

/** The services that the server exposes, and their observers. */
export interface ServerDependencies {
  log: EventLog;
  feed: Feed;
  rateLimiter: Pick<ReturnType<typeof createRateLimiter>, 'waiting'>;
  views: Projections;
  memory: MemoryBudget;
  observer: Observer;
}

/**
 * Creates the HTTP server of a log with all its routes. If it throws, the caller closes the given
 * services.
 */
export async function createHttpServer(
  services: ServerDependencies,
  options: ServerOptions,
): Promise<EventlineServer> {
  const { log, feed, rateLimiter, views, observer } = services;
  const { host, port, logger, allowedOrigins } = options;
  const { signIn } = options.auth;
  const report = (error: unknown, requestId: string) => {
    logger.error({ requestId, err: error }, 'something failed here');
  };
  const limits = completeLimits(options.limits);
  const { reservedConnections: reserved = RESERVED } = options;
  const maxConnections = maxConnectionsOf(limits, reserved, logger);
  const { metrics } = observer;
  const assembled = createGraphqlServer(
    {
      ...{ endpoint: GRAPHQL, ...services, logState: log.state, limits, report, metrics },
      retryRejected: (ids) => retryRejected(ids, log),
    },
    options,
  );
  const { maxUnderwayBytes = MAX_IN_FLIGHT_BYTES, webhookMaxBytes } = options;
  const bodies = createBodyBudget({
    maxBytes: maxUnderwayBytes,
    maxBytesPerAddress: Math.max(3 * webhookMaxBytes, maxUnderwayBytes * PART_OF_ADDRESS),
    minBytesPerSecond: limits.minBodyBytesPerSecond,
  });
  const scheme = createSignatureScheme(options.webhookSecrets, options.webhookScheme);
  const { appender, quarantine, eventIds, findPosition } = log;
  const webhook = createWebhook({
    ...{ scheme, appender, quarantine, eventIds, findPosition, bodies },
    maxBytes: webhookMaxBytes,
    onVerified: ({ socket }) => connections.trust(socket),
  });
  const health = createHealth(log, options);

  const metricsEndpoint = createMetricsEndpoint(metrics, options, report);
  const inFlight = new Map<ServerResponse, IncomingMessage>();
  const streams = new Set<ServerResponse>();
  const links = { signIn: signIn && SIGN_IN, livePage: options.livePage ? '/' : undefined };
  const page =
    options.graphiql && serveGraphiql({ endpoint: GRAPHQL, ...links, ...options.graphiql });
  const toPage: Handler = (_, response) =>
    void response.writeHead(302, { Location: GRAPHQL }).end();
  const deliveries = createDeliveryRoutes({
    ...{ webhook, path: WEBHOOK, inFlight, signatureHeader: scheme.header },
    readers: { path: GRAPHQL, isReader: assembled.isReader },
  });
  const route = routeRequests({
    report,
    override: deliveries.override,
    cors: createCors(allowedOrigins),
    routes: {
      [WEBHOOK]: deliveries.handler,
      '/health/live': health.live,
      '/health/ready': health.ready,
      [GRAPHQL](request, response, requestId) {
        const refusal = connections.refusalOf(request.socket);
        if (refusal) return sendError(response, refusal, requestId);
        endWithReader(request, response);
        if (page && acceptsHtml(request)) return page(request, response, requestId);
        streams.add(response);
        response.once('close', () => streams.delete(response));
        return assembled.graphql(request, response, {
          requestId,
          cutOff: () => void response.destroy(),
          onClosed(listener) {
            // The client may have gone while its token was checked.
            if (response.closed) listener();
            else response.once('close', listener);
          },
        });
      },
      ...metricsEndpoint.routes,
      ...contractRoutes(options.version ?? 'unknown'),
      ...(signIn && signInRoutes({ signIn, graphiql: GRAPHQL, logger })),
      ...(page && { '/': toPage }),
      ...(await livePageOf(options, page ? toPage : notFound)),
    },
  });
  const onRequest = serializeRequests(route, refusePipelined, MAX_PIPELINED);
  const server = allowHalfClosed(createServer(timeoutsOf(limits), onRequest));
  server.on('checkExpectation', onRequest);
  const readers = watchConnections(server, {
    stalledMs: options.stalledReaderMs,
    onStalled(reader) {
      metrics?.onStalled(reader.transport);
      logger.warn(reader, 'a reader that took nothing was ended');
    },
  });
  const connections = limitConnections(server, { maxConnections, reserved });
  refuseBrokenRequests(server, limits, deliveries.endCutShort);
  const webSockets = serveWebSockets(server, {
    endpoint: GRAPHQL,
    ...assembled.forSockets,
    allowedOrigins,
    readers,
    limits,
    refusalOf: connections.refusalOf,
    report,
    onOtherProtocol: (requestId) =>
      logger.warn({ requestId }, 'a WebSocket was refused: it does not offer graphql-transport-ws'),
    onProtocolError: (error) => logger.debug({ err: error }, 'a WebSocket client broke the rules'),
  });

  await metricsEndpoint.open();
  await listen(server, host, port).catch(async (error) => {
    await metricsEndpoint.close();
    throw error;
  });
  const rates = startSuspendAwareInterval(MEASURE_RATES_MS, bodies.measure);
  const open = () => ({
    connections: readers.size(),
    webSockets: webSockets.size(),
    subscriptions: feed.open(),
    heldBytes: services.memory.heldBytes(),
  });
  observer.attach(log, views, () => ({
    ...open(),
    maxConnections,
    liveSubscriptions: feed.size(),
    waitingReplays: rateLimiter.waiting(),
  }));

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    metricsPort: metricsEndpoint.port(),
    open,
    async close() {
      health.stop();
      rates.stop();
      // A database that does not answer must not keep the process from ending.
      const late = setTimeout(() => void log.disconnect(), options.lastWordMs ?? DATABASE_GRACE_MS);
      const closed = new Promise((resolve) => server.close(resolve));
      await webSockets.close();
      await log.appender.close();
      await answered(inFlight, GRACE_MS);
      feed.close();
      await closedWithin(streams, CLOSE_MS);
      // Remaining connections belong to peers that do not read and to unfinished uploads.
      server.closeAllConnections();
      await closed;
      await metricsEndpoint.close();
      await views.close();
      await log.close();
      observer.close();
      clearTimeout(late);
    },
  };
}

async function livePageOf({ livePage, graphiql, auth, logger }: ServerOptions, otherwise: Handler) {
  if (!livePage) return undefined;
  const routes = await serveLivePage({
    ...livePage,
    graphiql: graphiql ? GRAPHQL : undefined,
    signIn: auth.signIn && SIGN_IN,
    otherwise,
  });
  if (!routes) logger.warn('the live page is missing; `npm run build` creates it');
  return routes;
}
