import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { describeLimit, type Limits } from '../limits.ts';
import { securityHeaderLines } from './security-headers.ts';

/**
 * Answers what is no HTTP request, or does not become one in time, and ends the connection. Node
 * would do so without saying why.
 */
export function refuseBrokenRequests(server: Server, limits: Limits): void {
  const slow = `The request took too long: its headers may take ${describeLimit(limits, 'headersTimeoutMs')} ms, all of it ${describeLimit(limits, 'requestTimeoutMs')} ms.`;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // An answer has begun, or nobody is there: more bytes would be taken for a part of it.
    const begun = (socket as { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent;
    if (error.code === 'ECONNRESET' || !socket.writable || begun) return void socket.destroy();
    switch (error.code) {
      case 'ERR_HTTP_REQUEST_TIMEOUT':
        return refuse(socket, 408, slow);
      case 'HPE_HEADER_OVERFLOW':
        return refuse(socket, 431, 'The headers are too large.');
      case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
        return refuse(socket, 413, 'The chunk extensions are too large.');
      default:
        return refuse(socket, 400, 'This is not an HTTP/1.1 request.');
    }
  });
}

/** Writes an answer to a socket that has no response of its own, and ends it. */
export function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: message });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${securityHeaderLines}Connection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
