import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { createBufferPool } from './buffer-pool.ts';
import { createMicrotaskBatcher } from './microtask-batcher.ts';
import { startBytes, writeFrame, writeStart } from './write-frame.ts';

/** Maximum bytes that wait in this process for a peer; a single message may be larger. */
const MAX_WAITING_BYTES = 256 * 1024;
/** Bytes that are written at once instead of waiting for more. */
const FULL_WRITE_BYTES = 64 * 1024;
/** Larger texts are not copied per peer. Unit: bytes. */
const MAX_COPIED_BYTES = 16 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/** Writes messages that many peers receive directly to a connection, bypassing ws. */
export interface FrameWriter {
  /**
   * Queues the text message `head` + `text`. At the end of the turn all queued messages leave in one
   * write; large ones leave at once. Returns false when the backlog is full or the connection is not open.
   */
  write(head: Buffer, text: Buffer): boolean;
  /**
   * Calls back when the kernel has accepted the current backlog. On a closing connection it never
   * does; the end of the connection ends its callers.
   */
  onDrained(callback: () => void): void;
  /** Writes queued messages now, so that another message can follow them. */
  flush(): void;
}

/** State that all writers of a server share. */
interface Shared {
  atTurnEnd: ReturnType<typeof createMicrotaskBatcher>;
  scratch: ReturnType<typeof createBufferPool>;
}

/**
 * Returns a factory for per-connection frame writers. A connection must have no extensions and no
 * TLS, and ws must send its messages unfragmented.
 */
export function createFrameWriters(): (webSocket: WebSocket, socket: Socket) => FrameWriter {
  const shared = {
    atTurnEnd: createMicrotaskBatcher(),
    scratch: createBufferPool(FULL_WRITE_BYTES),
  };
  return (webSocket, socket) => createFrameWriter(webSocket, socket, shared);
}

function createFrameWriter(
  webSocket: WebSocket,
  socket: Socket,
  { atTurnEnd, scratch }: Shared,
): FrameWriter {
  // The first message is kept outside the list: usually one message goes to thousands of sockets.
  let firstHead = NOTHING;
  let firstText = NOTHING;
  /** Heads and texts of further messages, alternating. */
  let others: Buffer[] | undefined;
  let gatheredBytes = 0;
  let waiters: (() => void)[] = [];

  const isOpen = () => webSocket.readyState === webSocket.OPEN && socket.writable;

  function flush(): void {
    if (gatheredBytes === 0) return;
    const head = firstHead;
    const text = firstText;
    const rest = others;
    const sizeBytes = gatheredBytes;
    firstHead = NOTHING;
    firstText = NOTHING;
    others = undefined;
    gatheredBytes = 0;
    if (!isOpen()) return;
    const frames = scratch.take(sizeBytes);
    let offset = writeFrame(frames, 0, head, text);
    for (let index = 0; rest && index < rest.length; index += 2) {
      offset = writeFrame(frames, offset, rest[index] ?? NOTHING, rest[index + 1] ?? NOTHING);
    }
    socket.write(frames);
    if (socket.writableLength > 0) scratch.keep();
  }

  function writeLarge(head: Buffer, text: Buffer): void {
    const payloadBytes = head.length + text.length;
    const start = Buffer.allocUnsafe(startBytes(payloadBytes) + head.length);
    start.set(head, writeStart(start, 0, payloadBytes));
    socket.cork();
    socket.write(start);
    socket.write(text);
    socket.uncork();
  }

  function resumeWaiters(): void {
    const resumed = waiters;
    waiters = [];
    for (const waiter of resumed) waiter();
  }

  return {
    write(head, text) {
      if (!isOpen()) return false;
      const payloadBytes = head.length + text.length;
      const frameBytes = startBytes(payloadBytes) + payloadBytes;
      if (gatheredBytes > 0 && gatheredBytes + frameBytes > FULL_WRITE_BYTES) flush();
      const waitingBytes = gatheredBytes + socket.writableLength;
      if (waitingBytes > 0 && waitingBytes + frameBytes > MAX_WAITING_BYTES) return false;
      if (text.length > MAX_COPIED_BYTES) {
        flush();
        writeLarge(head, text);
        return true;
      }
      if (gatheredBytes === 0) {
        atTurnEnd(flush);
        firstHead = head;
        firstText = text;
      } else {
        others ??= [];
        others.push(head, text);
      }
      gatheredBytes += frameBytes;
      return true;
    },
    onDrained(callback) {
      flush();
      if (!isOpen()) return;
      // Not the 'drain' event: it requires an empty buffer, which may never occur.
      if (waiters.length === 0) socket.write(NOTHING, resumeWaiters);
      waiters.push(callback);
    },
    flush,
  };
}
