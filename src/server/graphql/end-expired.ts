import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { WebSocket } from 'ws';
import { EXPIRED } from '../../auth/create-verify.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { EventlineError, errorTable } from '../../errors.ts';
import { returnThis } from '../../feed/return-this.ts';
import { setLongTimeout } from '../http/set-long-timeout.ts';

/** How long a client gets to answer the closing handshake before it is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;

type Expiring = Pick<Viewer, 'expiresAtMs'>;

/**
 * Refuses what comes with a token whose time is over, on whatever is still open.
 * @throws EventlineError UNAUTHENTICATED
 */
export function assertNotExpired({ expiresAtMs }: Expiring): void {
  if (Date.now() >= expiresAtMs) throw new EventlineError('UNAUTHENTICATED', EXPIRED);
}

/** Closes a WebSocket when its token expires: the token is the connection's. */
export function closeExpired(socket: WebSocket, { expiresAtMs }: Expiring): void {
  // It may have gone while its token was checked; then nothing would call the timer off.
  if (socket.readyState !== socket.OPEN) return;
  const callOff = setLongTimeout(expiresAtMs, () => {
    socket.close(errorTable.UNAUTHENTICATED.closeCode, `UNAUTHENTICATED: ${EXPIRED}`);
    // Subscriptions end with the socket, and no client may keep it half open.
    const cutOff = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(cutOff));
  });
  socket.once('close', callOff);
}

/** Ends subscriptions over HTTP when their token expires: a last result says so. */
export function useExpiry(): Plugin<{ viewer: Viewer; requestId: string; request?: Request }> {
  return {
    onSubscribe({ args }) {
      const { viewer, requestId, request } = args.contextValue;
      // Over WebSocket the connection ends, and all that is on it.
      if (request === undefined) return undefined;
      return {
        onSubscribeResult({ result, setResult }) {
          if (isAsyncIterable(result)) setResult(untilExpired(result, viewer, requestId));
        },
      };
    },
  };
}

/** The results up to the instant of expiry, and one more that says why. One `next` at a time. */
export function untilExpired(
  results: AsyncIterable<ExecutionResult>,
  { expiresAtMs }: Expiring,
  requestId: string,
): AsyncIterableIterator<ExecutionResult> {
  type Result = IteratorResult<ExecutionResult, undefined>;
  const DONE: Result = { done: true, value: undefined };
  const source = results[Symbol.asyncIterator]();
  let state: 'open' | 'expired' | 'ended' = 'open';
  let waiting: ((result: Result) => void) | undefined;

  const callOff = setLongTimeout(expiresAtMs, () => {
    state = 'expired';
    // The source ends now, even if nobody reads on; a fault of it has no reader any more.
    Promise.resolve(source.return?.()).catch(() => undefined);
    waiting?.(farewell());
  });

  function farewell(): Result {
    state = 'ended';
    const error = new GraphQLError(EXPIRED, { extensions: { code: 'UNAUTHENTICATED', requestId } });
    return { done: false, value: { errors: [error] } };
  }

  function end(): void {
    state = 'ended';
    callOff();
  }

  return {
    next() {
      if (state === 'ended') return Promise.resolve(DONE);
      if (state === 'expired') return Promise.resolve(farewell());
      return new Promise((resolve, reject) => {
        waiting = resolve;
        source.next().then(
          (result) => {
            waiting = undefined;
            if (result.done) end();
            resolve(result);
          },
          (error) => {
            waiting = undefined;
            end();
            reject(error);
          },
        );
      });
    },
    async return() {
      end();
      await source.return?.();
      return DONE;
    },
    [Symbol.asyncIterator]: returnThis,
  };
}
