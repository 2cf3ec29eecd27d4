import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { completeLimits } from '../../config/limits.ts';
import type { Metrics } from '../../observability/metrics/create-metrics.ts';
import type { ServerOptions } from '../server-options.ts';
import { limitConnections } from './limit-connections.ts';
import { listen } from './listen.ts';
import {
  type Handler,
  onlyGet,
  type RouteOptions,
  refusePipelined,
  routeRequests,
} from './route-requests.ts';
import { serializeRequests } from './serialize-requests.ts';
import { timeoutsOf } from './timeouts-of.ts';

const PATH = '/metrics';
/** Connections to a port of its own. Each uses a file descriptor of the process. */
const MAX_CONNECTIONS = 100;
const MAX_PIPELINED = 100;

export interface MetricsEndpoint {
  /** The routes for the server; empty if a port of its own has them. */
  routes: Readonly<Record<string, Handler>>;
  /** The port of its own, once it listens. */
  port(): number | undefined;
  /** Listens on the port of its own, if there is one. @throws errors of `listen` */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the endpoint of `/metrics`: at the server's port, or at one that no proxy exposes. */
export function createMetricsEndpoint(
  metrics: Pick<Metrics, 'read' | 'contentType'> | undefined,
  { host, metricsPort: port, limits }: Pick<ServerOptions, 'host' | 'metricsPort' | 'limits'>,
  report: RouteOptions['report'],
): MetricsEndpoint {
  const routes = metrics ? { [PATH]: serveMetrics(metrics) } : {};
  if (metrics === undefined || port === undefined) {
    return { routes, port: () => undefined, open: async () => {}, close: async () => {} };
  }
  const route = routeRequests({ routes, report });
  const server = createServer(
    timeoutsOf(completeLimits(limits)),
    serializeRequests(route, refusePipelined, MAX_PIPELINED),
  );
  // A new connection replaces an older one, so that nobody keeps Prometheus out.
  limitConnections(server, { maxConnections: 0, reserved: MAX_CONNECTIONS });
  return {
    routes: {},
    port: () => (server.address() as AddressInfo | null)?.port,
    open: () => listen(server, host, port),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function serveMetrics({ read, contentType }: Pick<Metrics, 'read' | 'contentType'>): Handler {
  return onlyGet(async (_, response) => {
    const text = await read();
    response.writeHead(200, {
      'Content-Type': contentType,
      'Content-Length': text.length,
      'Cache-Control': 'no-store',
    });
    response.end(text);
  });
}
