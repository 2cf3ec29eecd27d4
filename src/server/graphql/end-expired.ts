import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { WebSocket } from 'ws';
import { EXPIRED } from '../../auth/create-verify.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { EventlineError, errorTable } from '../../errors.ts';
import { returnThis } from '../../feed/return-this.ts';
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

/** Closes a WebSocket when the token of its connection expires. */
export function closeExpired(socket: WebSocket, { expiresAtMs }: Expiring): void {
  // The socket may have closed during authentication; nothing would cancel the timer then.
  if (socket.readyState !== socket.OPEN) return;
  const cancelExpiry = setLongTimeout(expiresAtMs, () => {
    socket.close(errorTable.UNAUTHENTICATED.closeCode, `UNAUTHENTICATED: ${EXPIRED}`);
    // Subscriptions end with the socket, so a client must not keep it half-open.
    const cutOff = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(cutOff));
  });
  socket.once('close', cancelExpiry);
}

/** Ends subscriptions over HTTP when their token expires; a final result says so. */
export function useExpiry(): Plugin<{ viewer: Viewer; requestId: string; request?: Request }> {
  return {
    onSubscribe({ args }) {
      const { viewer, requestId, request } = args.contextValue;
      // Over WebSocket the whole connection is closed.
      if (request === undefined) return undefined;
      return {
        onSubscribeResult({ result, setResult }) {
          if (isAsyncIterable(result)) setResult(untilExpired(result, viewer, requestId));
        },
      };
    },
  };
}

/** Yields results until the token expires, and then one that says why. One `next` at a time. */
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

  const cancelExpiry = setLongTimeout(expiresAtMs, () => {
    state = 'expired';
    // Ends the source now, even if the client does not read on; nobody reads its errors any more.
    Promise.resolve(source.return?.()).catch(() => undefined);
    waiting?.(expiredResult());
  });

  function expiredResult(): Result {
    state = 'ended';
    const error = new GraphQLError(EXPIRED, { extensions: { code: 'UNAUTHENTICATED', requestId } });
    return { done: false, value: { errors: [error] } };
  }

  function end(): void {
    state = 'ended';
    cancelExpiry();
  }

  return {
    next() {
      if (state === 'ended') return Promise.resolve(DONE);
      if (state === 'expired') return Promise.resolve(expiredResult());
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
