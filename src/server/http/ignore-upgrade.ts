import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that concern the upgrade only (RFC 9110, 7.8; RFC 7540, 3.2.1). */
const ABOUT_UPGRADE: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/** Returns true for a WebSocket handshake (RFC 6455, 4.1). */
export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/**
 * Serves a request as if it had not asked for an upgrade: a server may ignore that (RFC 9110, 7.8),
 * and some clients offer HTTP/2 with every request. Node has already detached its parser, so the
 * connection is handled from the start again, with the same bytes except the upgrade headers.
 *
 * @param head bytes received after the headers
 */
export function ignoreUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    const value = request.rawHeaders[index + 1] ?? '';
    if (ABOUT_UPGRADE.has(name.toLowerCase())) continue;
    lines.push(`${name}: ${name.toLowerCase() === 'connection' ? withoutUpgrade(value) : value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** The remaining options of the Connection header; without any, keep-alive applies. */
function withoutUpgrade(options: string): string {
  const kept = options.split(',').filter((one) => !ABOUT_UPGRADE.has(one.trim().toLowerCase()));
  return kept.join(',').trim() || 'keep-alive';
}
