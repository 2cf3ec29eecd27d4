/** `http://host` of a target in absolute form (RFC 9112 §3.2.2). */
const AUTHORITY = /^https?:\/\/[^/?#]*/i;
/** Characters that mean the same with and without percent-encoding (RFC 3986 §2.3). */
const UNRESERVED = /[\w.~-]/;

/**
 * Returns the target of a request as a path in one form, followed by its query. Senders and proxies
 * write the same path in several ways: in absolute form, with repeated or trailing slashes, with dot
 * segments, or with percent-encoded letters.
 */
export function normalizeTarget(target: string): string {
  const [, rawPath = '', query = ''] =
    /^([^?#]*)(\?[^#]*)?/.exec(target.replace(AUTHORITY, '')) ?? [];
  const decoded = rawPath.replace(/%([\da-f]{2})/gi, (encoded, hex) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(char) ? char : encoded;
  });
  // The leading slash keeps the first segment from being read as a host or a scheme.
  const path = `/${decoded}`.replace(/\/{2,}/g, '/');
  if (!URL.canParse(path, 'http://localhost')) return target;
  const { pathname } = new URL(path, 'http://localhost');
  return (pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '') || '/') + query;
}
