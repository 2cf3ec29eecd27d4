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
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // A browser sends an origin and nothing more.
  if (page.origin !== origin) return false;
  const own = `${page.protocol}//${host ?? ''}`;
  if (!URL.canParse(own) || new URL(own).origin !== origin) return false;
  const [scheme] = String(forwarded ?? '').split(',', 1);
  const proxied = scheme?.trim().toLowerCase().replace(/^ws/, 'http');
  return !proxied || page.protocol === `${proxied}:`;
}

/**
 * Returns the CORS answer (Fetch, 3.3): the listed origin by name, and nothing for any other. The
 * list is not passed to Yoga, which answers "null" to unlisted origins, the origin of a sandboxed
 * frame, and allows cookies by default.
 */
export function createCors(allowed: readonly string[]) {
  return (request: { headers: { get(name: string): string | null } }) => {
    const origin = request.headers.get('origin');
    if (origin === null || !allowed.includes(origin)) return false as const;
    return {
      origin: [origin],
      methods: ['GET', 'POST'],
      // Tracing and client libraries add headers of their own; no header can harm a listed page.
      allowedHeaders: namesIn(request.headers.get('access-control-request-headers') ?? ''),
      exposedHeaders: ['X-Request-Id', 'Retry-After'],
      credentials: false,
      maxAge: 600,
    };
  };
}

/** Returns the items of a header that is a list (RFC 9110, 5.6.1). */
function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
