import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { describeLimit, type Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';

/** Connections beyond the limit that are reserved for the webhook and the health checks. */
const RESERVED = 100;
/**
 * Keep-alive time in milliseconds, longer than a proxy's (60 s at nginx, AWS and in our Caddyfile):
 * a server that closes first collides with the proxy's next request.
 */
const KEEP_ALIVE_MS = 75_000;
/** Slow requests are detected with a precision of this part of their time limit. */
const TIMEOUT_CHECKS = 4;

/** The time limits of requests for `createServer`; by default Node checks them every 30 s. */
export function timeoutsOf({ headersTimeoutMs, requestTimeoutMs }: Limits) {
  const shortestMs = Math.min(headersTimeoutMs, requestTimeoutMs);
  return {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // `route-requests.ts` requires it with an error message; Node's answer has no body.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.ceil(shortestMs / TIMEOUT_CHECKS),
  };
}

/**
 * Counts the connections of a server. Those over the limit are refused GraphQL, since readers must
 * not keep the sender out: the webhook and the health checks have a reserve. Connections over the
 * reserve are dropped.
 *
 * @returns a function that returns the error for a connection over the limit
 */
export function limitConnections(server: Server, limits: Limits) {
  const over = new WeakSet<Duplex>();
  const counted = new WeakSet<Duplex>();
  let open = 0;
  server.maxConnections = limits.maxConnections + RESERVED;
  server.on('connection', (socket) => {
    // A connection that is handled again was already counted (`ignore-upgrade.ts`).
    if (counted.has(socket)) return;
    counted.add(socket);
    open += 1;
    if (open > limits.maxConnections) over.add(socket);
    socket.once('close', () => {
      open -= 1;
    });
  });
  return function refusalOf(socket: Duplex): EventlineError | undefined {
    if (!over.has(socket)) return undefined;
    const most = describeLimit(limits, 'maxConnections');
    return new EventlineError(
      'SERVICE_UNAVAILABLE',
      `This server has ${most} connections open, its maximum. Retry shortly.`,
    );
  };
}
