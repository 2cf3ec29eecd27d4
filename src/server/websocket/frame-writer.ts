import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { createBufferPool } from './buffer-pool.ts';
import { createMicrotaskBatcher } from './microtask-batcher.ts';
import { startBytes, writeFrame, writeStart } from './write-frame.ts';

/** How much may wait in this process for a peer to read, in bytes; or one message. */
const MAX_WAITING_BYTES = 256 * 1024;
/** So much is written without waiting for more, in bytes. */
const FULL_WRITE_BYTES = 64 * 1024;
/** A longer text is not copied for each peer, in bytes. */
const MAX_COPIED_BYTES = 16 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/** Writes messages that many peers get, past ws, as frames of its connection. */
export interface FrameWriter {
  /**
   * Sends the text message `head` + `text`; what is sent in one turn leaves in one write, at the end
   * of that turn. False when so much waits for the peer that there is no room, and when the connection
   * is not open.
   */
  write(head: Buffer, text: Buffer): boolean;
  /**
   * Resolves when the kernel has taken what waits for the peer now. While a connection closes there
   * will be no room any more: then it never does, and the end of the connection ends who waits.
   */
  room(): Promise<void>;
  /** Writes what is to leave, so that something else can be sent behind it. */
  flush(): void;
}

/** What the writers of a server share. */
interface Shared {
  atTurnEnd: ReturnType<typeof createMicrotaskBatcher>;
  scratch: ReturnType<typeof createBufferPool>;
}

/**
 * Makes what makes the writers of a server, each for a connection without extensions or TLS, whose
 * messages ws sends whole.
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
  // Mostly one message leaves at a time, to thousands: for that no list is made.
  let firstHead = NOTHING;
  let firstText = NOTHING;
  /** The heads and texts behind the first ones, in turn. */
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

  function wake(): void {
    const woken = waiters;
    waiters = [];
    for (const waiter of woken) waiter();
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
    room() {
      flush();
      return new Promise((resolve) => {
        if (!isOpen()) return;
        // Not on 'drain', which needs a moment at which nothing waits: that may never come.
        if (waiters.length === 0) socket.write(NOTHING, wake);
        waiters.push(resolve);
      });
    },
    flush,
  };
}
