import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/**
 * The slowest reader that is waited for, in bytes a millisecond: the answer to a ping comes behind
 * all that lies in the kernels' buffers on the way, some megabytes.
 */
const SLOWEST_READER = 16;

export interface DeadPeersOptions {
  /** After how long a silence a peer is asked whether it is there, in milliseconds. */
  pingMs: number;
  /** How long it may take to answer, beyond what it has to read before, in milliseconds. */
  answerMs: number;
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
  /** How much had been sent when it was asked, while it has not answered. */
  askedAtBytes: number | undefined;
  /** How much it has read for certain. */
  confirmedBytes: number;
}

/**
 * Finds the peers of WebSockets that are gone without a word, and ends them. Whatever comes is a
 * sign of life; after a silence a ping asks for one. While bytes wait for a peer it is not asked,
 * since it could not hear: that is for `endStalledReaders`. graphql-ws has a check of its own, but
 * that one ends slow readers, whose pong waits behind a backlog.
 */
export function endDeadPeers({ pingMs, answerMs }: DeadPeersOptions): DeadPeers {
  const peers = new Map<WebSocket, { socket: Socket; peer: Peer }>();

  function lookAt(webSocket: WebSocket, socket: Socket, peer: Peer, elapsedMs: number): void {
    if (socket.bytesRead !== peer.receivedBytes || socket.writableLength > 0) {
      peer.receivedBytes = socket.bytesRead;
      peer.silentForMs = 0;
      return;
    }
    peer.silentForMs += elapsedMs;
    if (peer.askedAtBytes === undefined) {
      if (peer.silentForMs < pingMs || webSocket.readyState !== webSocket.OPEN) return;
      peer.askedAtBytes = socket.bytesWritten;
      webSocket.ping();
      return;
    }
    const unreadMs = (socket.bytesWritten - peer.confirmedBytes) / SLOWEST_READER;
    if (peer.silentForMs > pingMs + answerMs + unreadMs) webSocket.terminate();
  }

  return {
    add(webSocket, socket) {
      const peer: Peer = {
        receivedBytes: socket.bytesRead,
        silentForMs: 0,
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
