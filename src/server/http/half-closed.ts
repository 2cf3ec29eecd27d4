import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Lets a server answer clients that close their side of the connection after the request, as
 * `shutdown(SHUT_WR)` does. By default Node aborts such a request. The property is in Node's source
 * (`lib/_http_server.js`) and not in its documentation.
 */
export function allowHalfClosed<T extends Server>(server: T): T {
  return Object.assign(server, { httpAllowHalfOpen: true });
}

/**
 * Aborts a request when the client closes its side. A reader that does so has usually left, and its
 * subscription would count until the next ping.
 */
export function endWithReader({ socket }: IncomingMessage, response: ServerResponse): void {
  const end = () => void response.destroy();
  if (socket.readableEnded) end();
  socket.once('end', end);
  response.once('close', () => socket.off('end', end));
}
