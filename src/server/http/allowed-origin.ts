/** The headers that a browser's Origin is judged by. */
export interface OriginHeaders {
  origin?: string | undefined;
  host?: string | undefined;
  'x-forwarded-proto'?: string | string[] | undefined;
}

/**
 * True when a request comes from no browser's page, from a page of this server, or from a listed
 * one. A browser always sends its Origin with a WebSocket, and CORS does not hold it back there.
 *
 * A page is this server's own when its host and port are those of the Host header, the port that is
 * usual for its scheme left out or not. Behind a proxy that says the scheme (`X-Forwarded-Proto`) it
 * must be that one too: whoever can forge a page on http must not reach what is served on https. An
 * opaque origin (`null`: a sandboxed frame, a file) is nobody's and never allowed.
 */
export function isAllowedOrigin(
  { origin, host, 'x-forwarded-proto': forwarded }: OriginHeaders,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // A text that is more than an origin is no browser's.
  if (page.origin !== origin) return false;
  const own = `${page.protocol}//${host ?? ''}`;
  if (!URL.canParse(own) || new URL(own).origin !== origin) return false;
  const [scheme] = String(forwarded ?? '').split(',', 1);
  const proxied = scheme?.trim().toLowerCase().replace(/^ws/, 'http');
  return !proxied || page.protocol === `${proxied}:`;
}

/**
 * What CORS allows (Fetch, 3.3): listed origins, each by name, and nothing to anybody else. Not the
 * list itself for Yoga: to an origin that is not in it, it answers "null", which is what a sandboxed
 * frame calls itself; and it allows cookies unless told not to.
 */
export function createCors(allowed: readonly string[]) {
  return (request: { headers: { get(name: string): string | null } }) => {
    const origin = request.headers.get('origin');
    if (origin === null || !allowed.includes(origin)) return false as const;
    return {
      origin: [origin],
      methods: ['GET', 'POST'],
      allowedHeaders: [
        'Authorization',
        'Content-Type',
        'Accept',
        'X-Request-Id',
        'GraphQL-Require-Preflight',
      ],
      exposedHeaders: ['X-Request-Id', 'Retry-After'],
      credentials: false,
      maxAge: 600,
    };
  };
}
