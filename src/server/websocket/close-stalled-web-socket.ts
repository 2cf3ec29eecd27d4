import type { WebSocket } from 'ws';
import { errorTable } from '../../errors.ts';

/** How long the client may take to read the close frame, in milliseconds. */
const GRACE_MS = 1_000;

/**
 * Closes a WebSocket whose client does not read (see `end-stalled-readers.ts`), or whose unread
 * events hold memory that other operations wait for (`reclaim` in memory-budget.ts). A client that
 * does not read never receives the close frame, so the connection is destroyed after GRACE_MS.
 */
export function closeStalledWebSocket(webSocket: WebSocket): void {
  webSocket.close(
    errorTable.SERVICE_UNAVAILABLE.closeCode,
    'SERVICE_UNAVAILABLE: The client reads too slowly. Reconnect with the cursor of the last event.',
  );
  const cutOff = setTimeout(() => webSocket.terminate(), GRACE_MS);
  webSocket.once('close', () => clearTimeout(cutOff));
}
