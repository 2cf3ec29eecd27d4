import type { ServerResponse } from 'node:http';

/** For answers that are no page: nothing may be loaded by them, and nobody may frame them. */
const NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The headers of every answer (OWASP Secure Headers). A page changes the policy to what it loads; an
 * event stream has its own Cache-Control. HSTS is for whoever ends TLS.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': NO_PAGE,
  'Cross-Origin-Opener-Policy': 'same-origin',
  // Against pages that load an answer as a script or an image; reading by CORS is another matter.
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // What is allowed here depends on who asks, and caches in between must know.
  Vary: 'Origin',
};

/** Sets them on an answer whose head has not been written. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
}

/** The same as text, for answers that are written to the bare socket. */
export const securityHeaderLines = Object.entries(securityHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');
