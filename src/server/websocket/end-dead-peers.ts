import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/**
 * The slowest reader that is waited for, in bytes a millisecond: the answer to a ping comes behind
 * all that lies in the kernels' buffers on the way, some megabytes.
 */
const SLOWEST_READER = 16;
/** More than the kernels keep on the way is not waited for, in bytes. */
const MOST_ON_THE_WAY = 8 * 1024 * 1024;

export interface DeadPeersOptions {
  /** How often a peer is asked whether it is there, in milliseconds. */
  pingMs: number;
  /** How long it may be silent, beyond the time for what it has to read, in milliseconds. */
  silenceMs: number;
}

export interface DeadPeers {
  /** Watches a WebSocket and the connection below it. */
  add(webSocket: WebSocket, socket: Socket): void;
  /** Looks at all of them; to be called several times within `pingMs`. */
  look(elapsedMs: number): void;
}

interface Peer {
  receivedBytes: number;
  silentForMs: number;
  sinceAskedMs: number;
  /** How much had been sent when it was asked, while it has not answered. */
  askedAtBytes: number | undefined;
  /** How much it has read for certain. */
  confirmedBytes: number;
}

/**
 * Finds the peers of WebSockets that are gone without a word, and ends them. Whatever comes is a
 * sign of life, and a ping asks for one. While bytes wait for a peer it is not asked, since it
 * could not hear: that is for `endStalledReaders`. graphql-ws has a check of its own, but that one
 * ends slow readers, whose pong waits behind a backlog.
 */
export function endDeadPeers({ pingMs, silenceMs }: DeadPeersOptions): DeadPeers {
  const peers = new Map<WebSocket, { socket: Socket; peer: Peer }>();

  function lookAt(webSocket: WebSocket, socket: Socket, peer: Peer, elapsedMs: number): void {
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
    // All that was sent since the last answer may lie on the way.
    const unread = Math.min(socket.bytesWritten - peer.confirmedBytes, MOST_ON_THE_WAY);
    if (peer.silentForMs > silenceMs + unread / SLOWEST_READER) webSocket.terminate();
  }

  return {
    add(webSocket, socket) {
      const peer: Peer = {
        receivedBytes: socket.bytesRead,
        silentForMs: 0,
        sinceAskedMs: 0,
        askedAtBytes: undefined,
        confirmedBytes: 0,
      };
      peers.set(webSocket, { socket, peer });
      webSocket.on('pong', () => {
        peer.confirmedBytes = peer.askedAtBytes ?? peer.confirmedBytes;
        peer.askedAtBytes = undefined;
      });
      webSocket.once('close', () => peers.delete(webSocket));
    },
    look(elapsedMs) {
      for (const [webSocket, { socket, peer }] of peers) {
        lookAt(webSocket, socket, peer, elapsedMs);
      }
    },
  };
}
