import type { IncomingMessage } from 'node:http';

/** Headers that browsers send when a page is opened, beside `sec-…` (Fetch, 2.2.2). */
const BROWSER_HEADERS: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'user-agent', 'upgrade-insecure-requests', 'priority', 'dnt', 'te'],
  ...['accept', 'accept-encoding', 'accept-language', 'save-data', 'cookie', 'referer'],
  ...['cache-control', 'pragma', 'if-none-match', 'if-modified-since', 'purpose'],
]);
const LOOPBACK = /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::(\d+))?$/;
const HTTP_PORT = 80;

/**
 * Returns true for a request of a browser that runs on this machine and connects directly. It gets
 * the development token, so a proxy on this machine must never qualify.
 *
 * - Both ends of the connection are loopback addresses, and `Host` is a loopback name with this
 *   port. With DNS rebinding, a page of another site keeps the name of its site.
 * - HTTP/1.1 with `Connection: keep-alive`. By default, proxies send HTTP/1.0, `close` or no header.
 * - All headers are those of a browser: a list of the headers that proxies add would never be complete.
 *
 * A tunnel that forwards bytes unchanged to the same port (`ssh -L`) cannot be detected.
 */
export function isLocalBrowser({ socket, httpVersion, headers }: IncomingMessage): boolean {
  const { remoteAddress = '', localAddress = '', localPort } = socket;
  if (!LOOPBACK.test(remoteAddress) || !LOOPBACK.test(localAddress)) return false;
  const host = LOOPBACK_HOST.exec(headers.host ?? '');
  if (host === null || Number(host[1] ?? HTTP_PORT) !== localPort) return false;
  if (httpVersion !== '1.1' || headers.connection?.toLowerCase() !== 'keep-alive') return false;
  return Object.keys(headers).every((name) => BROWSER_HEADERS.has(name) || name.startsWith('sec-'));
}
