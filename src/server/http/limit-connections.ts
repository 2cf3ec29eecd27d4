import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { describeLimit, type Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';

/** Connections above the limit that the webhook and the health checks can still be reached on. */
const RESERVED = 100;
/**
 * How long a connection may be idle, in milliseconds: longer than a proxy keeps it (60 s at nginx,
 * AWS and in our Caddyfile). Where the server ends it first, that meets the proxy's next request.
 */
const KEEP_ALIVE_MS = 75_000;
/** How exactly slow requests are noticed: by a part of the time that they have. */
const TIMEOUT_CHECKS = 4;

/** The times that a request has, for `createServer`; Node would look for slow ones every 30 s. */
export function timeoutsOf({ headersTimeoutMs, requestTimeoutMs }: Limits) {
  const shortestMs = Math.min(headersTimeoutMs, requestTimeoutMs);
  return {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // It is asked for where the answer can say so (`route-requests.ts`); Node's own has no body.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.ceil(shortestMs / TIMEOUT_CHECKS),
  };
}

/**
 * Counts the connections of a server. Those above the limit get no GraphQL: readers must not keep
 * the sender out, so the webhook and the health checks have some more. What comes on top of these is
 * dropped without an answer.
 *
 * @returns what says whether a connection came in above the limit, as an error for its client
 */
export function limitConnections(server: Server, limits: Limits) {
  const over = new WeakSet<Duplex>();
  const counted = new WeakSet<Duplex>();
  let open = 0;
  server.maxConnections = limits.maxConnections + RESERVED;
  server.on('connection', (socket) => {
    // One that begins anew was counted (`serve-without-upgrade.ts`).
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
      `This server has ${most} connections open and takes no more. Try again shortly.`,
    );
  };
}
