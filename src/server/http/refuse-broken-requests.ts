import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { describeLimit, type Limits } from '../../config/limits.ts';
import { currentResponse } from './current-response.ts';
import { endConnection, isAnsweredEarly, isEnding } from './end-connection.ts';
import { type ErrorBody, errorBody } from './error-body.ts';
import { requestIdOf } from './request-ids.ts';
import { securityHeaderLines } from './security-headers.ts';

/**
 * Answers invalid or incomplete HTTP requests with an explanation and closes the connection; Node's
 * own answers have no body.
 *
 * @param endCutShort answers a request whose client has ended the connection within the body; returns
 * false if the general answer applies
 */
export function refuseBrokenRequests(
  server: Server,
  limits: Limits,
  endCutShort: (response: ServerResponse) => boolean,
): void {
  const slow = `The request took too long: its headers may take ${describeLimit(limits, 'headersTimeoutMs')} ms, all of it ${describeLimit(limits, 'requestTimeoutMs')} ms.`;
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    const message = 'This server is no proxy.';
    refuse(socket, 405, errorBody('BAD_USER_INPUT', message, requestIdOf(request)));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // It was refused already; this is the rest of the same request.
    if (isEnding(socket)) return;
    if (isAnsweredEarly(socket)) return endConnection(socket);
    const current = currentResponse(socket);
    // After the start of an answer, or without a peer, more bytes would corrupt that answer.
    if (error.code === 'ECONNRESET' || !socket.writable || current?.headersSent) {
      return void socket.destroy();
    }
    // The bytes behind a complete request are broken: its own answer comes first, and is the last.
    if (current?.req.complete) return void current.setHeader('Connection', 'close');
    // No header was parsed from which the caller's own id could be taken.
    const errorFor = (message: string) => errorBody('BAD_USER_INPUT', message, randomUUID());
    switch (error.code) {
      case 'ERR_HTTP_REQUEST_TIMEOUT':
        return refuse(socket, 408, errorFor(slow));
      case 'HPE_HEADER_OVERFLOW':
        return refuse(socket, 431, errorFor('The headers are too large.'));
      case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
        return refuse(socket, 413, errorFor('The chunk extensions are too large.'));
      case 'HPE_INVALID_EOF_STATE':
        if (current && endCutShort(current)) return;
        return refuse(
          socket,
          400,
          errorFor('The connection ended before the request was complete.'),
        );
      default:
        return refuse(socket, 400, errorFor('This is not an HTTP/1.1 request.'));
    }
  });
}

/** Writes an answer to a socket without a response object and closes it within a second. */
export function refuse(socket: Duplex, status: number, error: ErrorBody): void {
  const body = JSON.stringify(error);
  const headers = [
    `X-Request-Id: ${error.requestId}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  endConnection(
    socket,
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${securityHeaderLines}${headers.join('\r\n')}\r\n\r\n${body}`,
  );
}
