import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { errorTable } from '../../errors.ts';
import { endDeadPeers } from '../websocket/end-dead-peers.ts';
import { pauseReading } from '../websocket/pause-reading.ts';
import {
  type SuspendAwareInterval,
  startSuspendAwareInterval,
} from '../websocket/suspend-aware-interval.ts';
import { endStalledReaders, type StalledReadersOptions } from './end-stalled-readers.ts';

/** How often the peer of a WebSocket is asked whether it is there, at least. */
const PING_MS = 12_000;
/** How often connections are looked at, at least. */
const LOOK_MS = 1_000;
const LOOKS_WHILE_STALLED = 5;
/** How long a reader that took nothing gets to read that it is ended. */
const GRACE_MS = 1_000;

/** All connections of a server, and what ends them where nobody reads. */
export interface ConnectionWatch {
  /** A connection has become a WebSocket. */
  upgraded(webSocket: WebSocket, socket: Socket): void;
  /** How many connections there are. */
  size(): number;
}

/**
 * Watches a server's connections for as long as it listens, with one timer for all of them:
 * however many stall, they cost a look at some counters now and then, and nothing an event.
 */
export function watchConnections(server: Server, options: StalledReadersOptions): ConnectionWatch {
  const { stalledMs } = options;
  const stalledReaders = endStalledReaders(server, options);
  // Asked early enough to answer within the silence that is allowed.
  const pingMs = Math.min(PING_MS, stalledMs / 2);
  const deadPeers = endDeadPeers({ pingMs, silenceMs: stalledMs });
  let pulse: SuspendAwareInterval | undefined;
  server.once('listening', () => {
    pulse = startSuspendAwareInterval(
      Math.min(LOOK_MS, stalledMs / LOOKS_WHILE_STALLED),
      (elapsedMs) => {
        stalledReaders.look(elapsedMs);
        deadPeers.look(elapsedMs);
      },
    );
  });
  server.once('close', () => pulse?.stop());
  return {
    upgraded(webSocket, socket) {
      stalledReaders.upgraded(socket, () => endStalled(webSocket));
      deadPeers.add(webSocket, socket);
      pauseReading(webSocket, socket);
    },
    size: stalledReaders.size,
  };
}

/** The close frame stands behind what is not read, so the connection is cut off soon after. */
function endStalled(webSocket: WebSocket): void {
  webSocket.close(
    errorTable.SERVICE_UNAVAILABLE.closeCode,
    'SERVICE_UNAVAILABLE: Nothing was read for too long. Go on behind the last event.',
  );
  const cutOff = setTimeout(() => webSocket.terminate(), GRACE_MS);
  webSocket.once('close', () => clearTimeout(cutOff));
}
