import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Time for the peer of a refused connection to read the answer and close, in milliseconds. */
const LINGER_MS = 1_000;
/**
 * Chunks of a refused body that are received and discarded: a chunk of one byte takes as much time as
 * one of 64 KiB.
 */
const MAX_DROPPED_CHUNKS = 1_024;

const ending = new WeakSet<Duplex>();
const answeredEarly = new WeakSet<Duplex>();

/** Returns true for a connection that has had its last answer. */
export const isEnding = (socket: Duplex): boolean => ending.has(socket);

/** Returns true for a connection whose request was answered before it was received completely. */
export const isAnsweredEarly = (socket: Duplex): boolean => answeredEarly.has(socket);

/**
 * Writes the last bytes to a connection and destroys it after a second at the latest, even if the
 * peer keeps its side open. Received bytes are discarded until then: closing a socket with unread
 * bytes resets the connection, and the peer could lose the answer.
 */
export function endConnection(socket: Duplex, lastBytes = ''): void {
  if (ending.has(socket)) return;
  ending.add(socket);
  socket.end(lastBytes);
  socket.resume();
  const cutOff = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(cutOff));
}

/**
 * Destroys the connection of an error, or of a request that was answered before its end, after a
 * second, or earlier if the rest comes in very many chunks; unless the answer was sent and the request
 * was received completely by then.
 */
export function boundAnswered(request: IncomingMessage, response: ServerResponse): void {
  // Emitted when the handler has ended the answer, before it is sent.
  response.once('prefinish', () => {
    if (response.statusCode < 400 && request.complete) return;
    const { socket } = request;
    const cutOff = setTimeout(() => socket.destroy(), LINGER_MS);
    cutOff.unref();
    const keep = () => {
      if (response.writableFinished && request.complete) clearTimeout(cutOff);
    };
    response.once('finish', keep);
    request.once('end', keep);
    if (!request.complete) dropRest(request, socket);
  });
}

function dropRest(request: IncomingMessage, socket: Socket): void {
  let chunks = 0;
  request.on('data', () => {
    chunks += 1;
    if (chunks > MAX_DROPPED_CHUNKS) request.destroy();
  });
  request.resume();
  answeredEarly.add(socket);
  request.once('end', () => answeredEarly.delete(socket));
  // Called by Node after an answer with `Connection: close`; it would reset the connection.
  socket.destroySoon = () => endConnection(socket);
}
