import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { kernelAcceptedBytes } from './kernel-accepted-bytes.ts';

export interface StalledReader {
  transport: 'http' | 'websocket';
  /** Bytes that waited for the reader in this process. */
  waitingBytes: number;
}

export interface StalledReadersOptions {
  /** How long a reader may leave all pending data unread, in milliseconds. */
  stalledMs: number;
  onStalled: (reader: StalledReader) => void;
}

export interface StalledReaders {
  /** Registers how to end a connection that has become a WebSocket; others are destroyed. */
  upgraded(socket: Socket, end: () => void): void;
  /** Checks all connections; to be called several times per `stalledMs`. */
  check(elapsedMs: number): void;
  /** Number of connections. */
  size(): number;
}

interface Connection {
  /** Bytes that the kernel had accepted at the last check; undefined if none were pending. */
  acceptedBytes: number | undefined;
  stalledForMs: number;
  transport: StalledReader['transport'];
  end: () => void;
}

/**
 * Ends connections whose reader is stalled: bytes are pending, and the kernel, whose buffers are
 * full, has accepted none of them for `stalledMs`. A slow reader makes some progress and is kept. The
 * check reads counters of the socket, so it works for every protocol and costs nothing per event.
 * `watch-connections.ts` runs it; `closeStalledWebSocket` closes a WebSocket.
 */
export function endStalledReaders(server: Server, options: StalledReadersOptions): StalledReaders {
  const { stalledMs, onStalled } = options;
  const connections = new Map<Socket, Connection>();

  server.on('connection', (socket: Socket) => {
    if (connections.has(socket)) return;
    connections.set(socket, {
      acceptedBytes: undefined,
      stalledForMs: 0,
      transport: 'http',
      end: () => socket.destroy(),
    });
    // Not `once`, which wraps its listener: a socket closes once.
    socket.on('close', () => connections.delete(socket));
  });

  function checkConnection(socket: Socket, connection: Connection, elapsedMs: number): void {
    const accepted = socket.writableLength === 0 ? undefined : kernelAcceptedBytes(socket);
    if (accepted === undefined || accepted !== connection.acceptedBytes) {
      connection.acceptedBytes = accepted;
      connection.stalledForMs = 0;
      return;
    }
    const before = connection.stalledForMs;
    connection.stalledForMs += elapsedMs;
    // Only once: ending a connection may take time.
    if (before >= stalledMs || connection.stalledForMs < stalledMs) return;
    onStalled({ transport: connection.transport, waitingBytes: socket.writableLength });
    connection.end();
  }

  return {
    upgraded(socket, end) {
      const connection = connections.get(socket);
      if (connection) Object.assign(connection, { transport: 'websocket', end });
    },
    check(elapsedMs) {
      for (const [socket, connection] of connections)
        checkConnection(socket, connection, elapsedMs);
    },
    size: () => connections.size,
  };
}
