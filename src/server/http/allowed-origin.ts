import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Longest host with its port: a name has 253 characters at most (RFC 1035, 2.3.4). A URL with a name of
 * 16 KiB in letters beyond ASCII takes milliseconds to parse. Unit: characters.
 */
const MAX_HOST_LENGTH = 253 + ':65535'.length;
const MAX_ORIGIN_LENGTH = 'https://'.length + MAX_HOST_LENGTH;

/** The headers that decide whether a browser's Origin is allowed. */
export interface OriginHeaders {
  origin?: string | undefined;
  host?: string | undefined;
  'x-forwarded-proto'?: string | string[] | undefined;
}

/**
 * Returns true for a request that is not from a browser's page, from a page of this server, or from
 * a listed origin. Browsers always send their Origin with a WebSocket, to which CORS does not
 * apply.
 *
 * A page belongs to this server when its host and port equal those of the Host header; the default
 * port may be omitted. Behind a proxy that sends `X-Forwarded-Proto` the scheme must match too: a
 * forged http page must not reach what is served on https. An opaque origin (`null`: a sandboxed
 * frame, a file) is never allowed.
 */
export function isAllowedOrigin(
  { origin, host, 'x-forwarded-proto': forwarded }: OriginHeaders,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (origin.length > MAX_ORIGIN_LENGTH) return false;
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // A browser sends an origin and nothing more.
  if (page.origin !== origin) return false;
  if (!isHost(host ?? '')) return false;
  if (new URL(`${page.protocol}//${host}`).origin !== origin) return false;
  const proxied = proxiedScheme({ 'x-forwarded-proto': forwarded });
  return !proxied || page.protocol === `${proxied}:`;
}

/** Returns true for a host with or without a port, which may be used as part of a URL. */
export function isHost(text: string): boolean {
  return text.length <= MAX_HOST_LENGTH && !/[/?#@\\]/.test(text) && URL.canParse(`http://${text}`);
}

/** Returns `http` or `https` as the first proxy received the request, or '' without a proxy that says so. */
export function proxiedScheme({ 'x-forwarded-proto': forwarded }: OriginHeaders): string {
  const [scheme = ''] = String(forwarded ?? '').split(',', 1);
  return scheme.trim().toLowerCase().replace(/^ws/, 'http');
}

/**
 * Returns a function that sets the CORS headers (Fetch, 3.3) of every answer to a listed origin, so that
 * its pages can read refusals too, and nothing for any other. It answers preflights, and then returns
 * true. Cookies are not allowed.
 */
export function createCors(allowed: readonly string[]) {
  const listed = new Set(allowed);
  return ({ method, headers }: IncomingMessage, response: ServerResponse): boolean => {
    const { origin } = headers;
    if (origin === undefined || !listed.has(origin)) return false;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After');
    if (method !== 'OPTIONS' || !headers['access-control-request-method']) return false;
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
    // Tracing and client libraries add headers of their own; no header can harm a listed page.
    const asked = namesIn(headers['access-control-request-headers'] ?? '');
    if (asked.length > 0) response.setHeader('Access-Control-Allow-Headers', asked.join(', '));
    response.setHeader('Access-Control-Max-Age', '600');
    // Safari waits for a body without a length.
    response.writeHead(204, { 'Content-Length': '0' }).end();
    return true;
  };
}

/** Returns the items of a header that is a list (RFC 9110, 5.6.1). */
function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
