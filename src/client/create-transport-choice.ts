import type { TransportChoice } from './connect.ts';

const options = ['auto', 'websocket', 'sse'] as const;
export type TransportOption = (typeof options)[number];

/** Number of WebSockets in a row that fail to open, while HTTP works, before SSE is used. */
const MAX_BLOCKED = 3;

/**
 * Chooses the transport of a client and all its subscriptions. After the fallback to SSE it stays
 * there: a network that blocks WebSockets seldom changes, and SSE loses nothing.
 *
 * @throws TypeError when WebSocket is requested where there is none, or the option is none
 */
export function createTransportChoice(
  option: TransportOption,
  hasWebSocket: boolean,
): TransportChoice {
  if (!options.includes(option)) {
    throw new TypeError(`transport: expected ${options.join(', ')}, got ${option}`);
  }
  if (option === 'websocket' && !hasWebSocket) {
    throw new TypeError(
      'There is no WebSocket here: give webSocketImpl (in Node 20 the one of the "ws" package), or take transport "sse".',
    );
  }
  let transport: 'websocket' | 'sse' = option === 'sse' || !hasWebSocket ? 'sse' : 'websocket';
  let blocked = 0;
  return {
    current: () => transport,
    opened() {
      blocked = 0;
    },
    blocked() {
      blocked += 1;
      if (option !== 'auto' || blocked < MAX_BLOCKED) return false;
      transport = 'sse';
      return true;
    },
  };
}
