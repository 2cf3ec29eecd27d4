import type { Limits } from '../../config/limits.ts';

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
