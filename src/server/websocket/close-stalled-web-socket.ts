import type { WebSocket } from 'ws';
import { errorTable } from '../../errors.ts';

/** How long the client may take to read the close frame, in milliseconds. */
const GRACE_MS = 1_000;

/**
 * Closes a WebSocket whose client does not read (see `end-stalled-readers.ts`), or whose unread events
 * take memory that others need (see `serve-web-sockets.ts`). The close frame waits
 * behind the unread data, so the connection is destroyed soon after.
 */
export function closeStalledWebSocket(webSocket: WebSocket): void {
  webSocket.close(
    errorTable.SERVICE_UNAVAILABLE.closeCode,
    'SERVICE_UNAVAILABLE: Nothing was read for too long. Go on behind the last event.',
  );
  const cutOff = setTimeout(() => webSocket.terminate(), GRACE_MS);
  webSocket.once('close', () => clearTimeout(cutOff));
}
