import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/**
 * Slowest tolerated reader, in bytes per millisecond: a pong arrives behind everything in the
 * kernels' buffers, which hold some megabytes.
 */
const SLOWEST_READER = 16;
/** Upper bound of the bytes in kernel buffers on the way to a peer. */
const MAX_UNACKNOWLEDGED_BYTES = 8 * 1024 * 1024;

export interface DeadPeersOptions {
  /** Interval between pings, in milliseconds. */
  pingMs: number;
  /** Tolerated silence beyond the time to read pending data, in milliseconds. */
  silenceMs: number;
}

export interface DeadPeers {
  /** Watches a WebSocket and its TCP connection. */
  add(webSocket: WebSocket, socket: Socket): void;
  /** Checks all peers; to be called several times per `pingMs`. */
  check(elapsedMs: number): void;
}

interface Peer {
  socket: Socket;
  receivedBytes: number;
  silentForMs: number;
  sinceAskedMs: number;
  /** Bytes sent when the unanswered ping was sent. */
  askedAtBytes: number | undefined;
  /** Bytes that the peer has certainly read. */
  confirmedBytes: number;
}

/**
 * Finds and closes WebSockets whose peer has vanished. Any received data counts as a sign of life,
 * and a ping asks for one. A peer with pending bytes is not pinged, since it could not answer;
 * `endStalledReaders` handles it. The check of graphql-ws is not used: it closes slow readers whose
 * pong waits behind a backlog.
 */
export function endDeadPeers({ pingMs, silenceMs }: DeadPeersOptions): DeadPeers {
  const peers = new Map<WebSocket, Peer>();

  function checkPeer(webSocket: WebSocket, peer: Peer, elapsedMs: number): void {
    const { socket } = peer;
    peer.sinceAskedMs += elapsedMs;
    peer.silentForMs += elapsedMs;
    if (socket.bytesRead !== peer.receivedBytes || socket.writableLength > 0) {
      peer.receivedBytes = socket.bytesRead;
      peer.silentForMs = 0;
    }
    if (peer.askedAtBytes === undefined) {
      const isOpen = webSocket.readyState === webSocket.OPEN;
      if (peer.sinceAskedMs < pingMs || socket.writableLength > 0 || !isOpen) return;
      peer.sinceAskedMs = 0;
      peer.askedAtBytes = socket.bytesWritten;
      webSocket.ping();
      return;
    }
    // All bytes sent since the last answer may still be in transit.
    const unread = Math.min(socket.bytesWritten - peer.confirmedBytes, MAX_UNACKNOWLEDGED_BYTES);
    if (peer.silentForMs > silenceMs + unread / SLOWEST_READER) webSocket.terminate();
  }

  return {
    add(webSocket, socket) {
      const peer: Peer = {
        socket,
        receivedBytes: socket.bytesRead,
        silentForMs: 0,
        sinceAskedMs: 0,
        askedAtBytes: undefined,
        confirmedBytes: 0,
      };
      peers.set(webSocket, peer);
      webSocket.on('pong', () => {
        peer.confirmedBytes = peer.askedAtBytes ?? peer.confirmedBytes;
        peer.askedAtBytes = undefined;
      });
    },
    check(elapsedMs) {
      for (const [webSocket, peer] of peers) {
        // Cheaper than a listener on each.
        if (webSocket.readyState === webSocket.CLOSED) peers.delete(webSocket);
        else checkPeer(webSocket, peer, elapsedMs);
      }
    },
  };
}
