import type { WebSocket } from 'ws';
import { createTurnLimiter, LARGE_BYTES } from '../graphql/create-turn-limiter.ts';

/** Handles one message of a socket, now or later. */
export type HandleInTurn = (bytes: number, handle: () => void) => void;

/**
 * Creates a function that lets the large messages of all sockets take turns, since parsing one takes
 * milliseconds: a message of each of a hundred sockets must not be parsed in one turn of the event
 * loop. The messages of one socket stay in order, and it is not read while one of them waits.
 */
export function createMessageTurns(): (webSocket: WebSocket) => HandleInTurn {
  const turn = createTurnLimiter();
  return (webSocket) => {
    let last: Promise<void> | undefined;
    return (bytes, handle) => {
      const wait = last ? last.then(() => turn()) : bytes > LARGE_BYTES ? turn() : undefined;
      if (wait === undefined) return handle();
      webSocket.pause();
      const handled = wait.then(() => {
        handle();
        if (last !== handled) return;
        last = undefined;
        webSocket.resume();
      });
      last = handled;
    };
  };
}
