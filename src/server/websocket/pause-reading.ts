import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** How much may wait for a peer before nothing more is heard from it, in bytes. */
const MAX_WAITING_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Hears a peer no more while it does not read: each message may be answered, so one that asks and
 * asks could fill the memory with answers. It is heard again when what waits now has been taken.
 */
export function pauseReading(webSocket: WebSocket, socket: Socket): void {
  webSocket.on('message', () => {
    if (socket.writableLength <= MAX_WAITING_BYTES || webSocket.isPaused) return;
    webSocket.pause();
    // Not on 'drain', which needs a moment at which nothing waits: that may never come.
    socket.write(NOTHING, () => webSocket.resume());
  });
}
