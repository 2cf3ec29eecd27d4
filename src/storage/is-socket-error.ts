/** Codes of Node for sockets and streams (Node.js, "Errors"), but not those of wrong arguments. */
const SOCKET_CODES = /^(E[A-Z]+|ERR_(STREAM|SOCKET)_[A-Z_]+)$/;

/**
 * Returns true for an error of the connection to the database. The driver wraps most of them, but a
 * write to a socket that the server has just ended fails with Node's own `EPIPE`.
 */
export function isSocketError(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' && SOCKET_CODES.test(code);
}
