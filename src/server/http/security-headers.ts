import type { ServerResponse } from 'node:http';

/** For answers that are not pages: they may load nothing and may not be framed. */
const NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The headers of every answer (OWASP Secure Headers). Pages replace the content policy with their
 * own; event streams have their own Cache-Control. HSTS is left to the TLS terminator.
 */
const securityHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': NO_PAGE,
  'Cross-Origin-Opener-Policy': 'same-origin',
  // Against pages that load an answer as a script or an image; CORS governs reading.
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // The CORS headers depend on the origin, which caches must take into account.
  Vary: 'Origin',
};

const entries = Object.entries(securityHeaders);

/** Sets the headers on an answer whose head is not written yet. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of entries) response.setHeader(name, value);
}

/** The headers as text, for answers written to the raw socket. */
export const securityHeaderLines = entries.map(([name, value]) => `${name}: ${value}\r\n`).join('');
