import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Backlog from which on a peer's messages are no longer read, in bytes. */
const MAX_WAITING_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Pauses reading from a peer that does not read itself: each of its messages may produce an answer,
 * so their answers could fill the memory. Resumes when the current backlog is written.
 */
export function pauseWhileBehind(webSocket: WebSocket, socket: Socket): void {
  if (socket.writableLength <= MAX_WAITING_BYTES || webSocket.isPaused) return;
  webSocket.pause();
  // Not the 'drain' event: it requires an empty buffer, which may never occur.
  socket.write(NOTHING, () => webSocket.resume());
}
