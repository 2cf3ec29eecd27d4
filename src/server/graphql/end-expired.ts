import type { WebSocket } from 'ws';
import { EXPIRED } from '../../auth/create-verify.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { EventlineError, errorTable } from '../../errors.ts';
import { setLongTimeout } from '../http/set-long-timeout.ts';

/** Time limit for the closing handshake, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000;

type Expiring = Pick<Viewer, 'expiresAtMs'>;

/**
 * Refuses a request whose token has expired since its connection was opened.
 * @throws EventlineError UNAUTHENTICATED
 */
export function assertNotExpired({ expiresAtMs }: Expiring): void {
  if (Date.now() >= expiresAtMs) throw new EventlineError('UNAUTHENTICATED', EXPIRED);
}

/**
 * Closes a WebSocket when the token of its connection expires. Returns a function that cancels it, to
 * be called when the socket has closed.
 */
export function closeExpired(socket: WebSocket, { expiresAtMs }: Expiring): () => void {
  return setLongTimeout(expiresAtMs, () => {
    socket.close(errorTable.UNAUTHENTICATED.closeCode, `UNAUTHENTICATED: ${EXPIRED}`);
    // Subscriptions end with the socket, so a client must not keep it half-open.
    const cutOff = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(cutOff));
  });
}
