import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { createMessageTurns } from '../../../src/server/websocket/create-message-turns.ts';

const LARGE = 100_000;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What the function needs of a socket. */
function openSocket() {
  const socket = {
    isPaused: false,
    pause() {
      socket.isPaused = true;
    },
    resume() {
      socket.isPaused = false;
    },
  };
  return socket as typeof socket & WebSocket;
}

/** Takes the time of a turn, as parsing does. */
function work(): void {
  for (const startMs = performance.now(); performance.now() - startMs < 6; );
}

test('large messages of many sockets are handled in several turns', async () => {
  const ofSocket = createMessageTurns();
  const turns: number[] = [];
  let turn = 0;
  for (let index = 0; index < 5; index += 1) {
    ofSocket(openSocket())(LARGE, () => {
      turns.push(turn);
      work();
    });
  }
  for (; turn < 20 && turns.length < 5; turn += 1) await nextTurn();
  expect(turns).toHaveLength(5);
  // The first one at once; the second may follow before the test counts its first turn.
  expect(new Set(turns).size).toBeGreaterThanOrEqual(4);
});

test('the messages of one socket stay in order, and it is not read while one waits', async () => {
  const ofSocket = createMessageTurns();
  const socket = openSocket();
  const handle = ofSocket(socket);
  const handled: string[] = [];
  handle(10, () => handled.push('small'));
  expect(handled).toEqual(['small']);
  ofSocket(openSocket())(LARGE, work);
  handle(LARGE, () => handled.push('large'));
  handle(10, () => handled.push('behind it'));
  expect([handled, socket.isPaused]).toEqual([['small'], true]);
  while (handled.length < 3) await nextTurn();
  expect(handled).toEqual(['small', 'large', 'behind it']);
  expect(socket.isPaused).toBe(false);
  handle(10, () => handled.push('at once'));
  expect(handled.at(-1)).toBe('at once');
});
