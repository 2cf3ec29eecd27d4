import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { kernelAcceptedBytes } from './kernel-accepted-bytes.ts';

export interface StalledReader {
  transport: 'http' | 'websocket';
  /** What waited for it in this process, in bytes. */
  waitingBytes: number;
}

export interface StalledReadersOptions {
  /** How long a reader may take nothing of what waits for it, in milliseconds. */
  stalledMs: number;
  onStalled: (reader: StalledReader) => void;
}

export interface StalledReaders {
  /** A connection that became a WebSocket is ended in this way instead of being cut off. */
  upgraded(socket: Socket, end: () => void): void;
  /** Looks at all connections; to be called several times within `stalledMs`. */
  look(elapsedMs: number): void;
  /** How many connections there are. */
  size(): number;
}

interface Connection {
  /** At the last look at which something waited. */
  takenBytes: number | undefined;
  stalledForMs: number;
  transport: StalledReader['transport'];
  end: () => void;
}

/**
 * Ends the connections of readers that take nothing: bytes wait for them here, and the kernel has
 * not taken one of them for the whole time, since its own buffers are full. A slow reader moves
 * them a little and stays. It goes by the connection's counters alone, whatever is spoken on it,
 * so a stalled one costs no timer and nothing on the way of an event.
 */
export function endStalledReaders(server: Server, options: StalledReadersOptions): StalledReaders {
  const { stalledMs, onStalled } = options;
  const connections = new Map<Socket, Connection>();

  server.on('connection', (socket: Socket) => {
    if (connections.has(socket)) return;
    connections.set(socket, {
      takenBytes: undefined,
      stalledForMs: 0,
      transport: 'http',
      end: () => socket.destroy(),
    });
    socket.once('close', () => connections.delete(socket));
  });

  function lookAt(socket: Socket, connection: Connection, elapsedMs: number): void {
    const taken = socket.writableLength === 0 ? undefined : kernelAcceptedBytes(socket);
    if (taken === undefined || taken !== connection.takenBytes) {
      connection.takenBytes = taken;
      connection.stalledForMs = 0;
      return;
    }
    const before = connection.stalledForMs;
    connection.stalledForMs += elapsedMs;
    // Once: an end may take its time.
    if (before >= stalledMs || connection.stalledForMs < stalledMs) return;
    onStalled({ transport: connection.transport, waitingBytes: socket.writableLength });
    connection.end();
  }

  return {
    upgraded(socket, end) {
      const connection = connections.get(socket);
      if (connection) Object.assign(connection, { transport: 'websocket', end });
    },
    look(elapsedMs) {
      for (const [socket, connection] of connections) lookAt(socket, connection, elapsedMs);
    },
    size: () => connections.size,
  };
}
