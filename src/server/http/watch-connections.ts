import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { closeStalledWebSocket } from '../websocket/close-stalled-web-socket.ts';
import { endDeadPeers } from '../websocket/end-dead-peers.ts';
import {
  type SuspendAwareInterval,
  startSuspendAwareInterval,
} from '../websocket/suspend-aware-interval.ts';
import { endStalledReaders, type StalledReadersOptions } from './end-stalled-readers.ts';

/** Longest interval between pings to a WebSocket, in milliseconds. */
const PING_MS = 12_000;
/** Longest interval between checks, in milliseconds. */
const CHECK_MS = 1_000;
const CHECKS_WHILE_STALLED = 5;

/** All connections of a server, with the detection of dead and stalled peers. */
export interface ConnectionWatch {
  /** Registers a connection that has become a WebSocket. */
  upgraded(webSocket: WebSocket, socket: Socket): void;
  /** Number of connections. */
  size(): number;
}

/**
 * Watches a server's connections while it listens, with a single timer: stalled peers cost a
 * periodic check of some counters and nothing per event.
 */
export function watchConnections(server: Server, options: StalledReadersOptions): ConnectionWatch {
  const { stalledMs } = options;
  const stalledReaders = endStalledReaders(server, options);
  // Pinged early enough to answer within the tolerated silence.
  const pingMs = Math.min(PING_MS, stalledMs / 2);
  const deadPeers = endDeadPeers({ pingMs, silenceMs: stalledMs });
  let pulse: SuspendAwareInterval | undefined;
  server.once('listening', () => {
    pulse = startSuspendAwareInterval(
      Math.min(CHECK_MS, stalledMs / CHECKS_WHILE_STALLED),
      (elapsedMs) => {
        stalledReaders.check(elapsedMs);
        deadPeers.check(elapsedMs);
      },
    );
  });
  server.once('close', () => pulse?.stop());
  return {
    upgraded(webSocket, socket) {
      stalledReaders.upgraded(socket, () => closeStalledWebSocket(webSocket));
      deadPeers.add(webSocket, socket);
    },
    size: stalledReaders.size,
  };
}
