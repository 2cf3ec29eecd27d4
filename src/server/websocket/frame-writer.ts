import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { createBufferPool } from './buffer-pool.ts';
import { startBytes, writeFrame, writeStart } from './write-frame.ts';

/** Maximum bytes that wait in this process for a peer; a single message may be larger. */
const MAX_WAITING_BYTES = 256 * 1024;
/** Bytes that are written at once instead of waiting for more. */
const FULL_WRITE_BYTES = 64 * 1024;
/** Larger texts are not copied per peer. Unit: bytes. */
const MAX_COPIED_BYTES = 16 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/** Shared by all writers, which write one after the other. */
const scratch = createBufferPool(FULL_WRITE_BYTES);
let queued: FrameWriter[] = [];

/** Runs in one microtask: one for each writer would cost as much as the writing. */
function flushQueued(): void {
  const writers = queued;
  queued = [];
  for (const writer of writers) writer.flush();
}

/**
 * Writes messages that many peers receive directly to a connection, bypassing ws. The
 * connection must have no extensions and no TLS, and ws must send its messages unfragmented.
 *
 * A class: each connection has one, and closures would take several times the memory.
 */
export class FrameWriter {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  // The first message is kept outside the list: usually one message goes to thousands of sockets.
  #firstHead = NOTHING;
  #firstText = NOTHING;
  /** Heads and texts of further messages, alternating. */
  #others: Buffer[] | undefined;
  #gatheredBytes = 0;
  #waiters: (() => void)[] | undefined;

  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
  }

  /**
   * Queues the text message `head` + `text`. At the end of the turn all queued messages leave in one
   * write; large ones leave at once. Returns false when the backlog is full or the connection is not open.
   */
  write(head: Buffer, text: Buffer): boolean {
    if (!this.#isOpen()) return false;
    const payloadBytes = head.length + text.length;
    const frameBytes = startBytes(payloadBytes) + payloadBytes;
    if (this.#gatheredBytes > 0 && this.#gatheredBytes + frameBytes > FULL_WRITE_BYTES) {
      this.flush();
    }
    const waitingBytes = this.#gatheredBytes + this.#socket.writableLength;
    if (waitingBytes > 0 && waitingBytes + frameBytes > MAX_WAITING_BYTES) return false;
    if (text.length > MAX_COPIED_BYTES) {
      this.flush();
      this.#writeLarge(head, text);
      return true;
    }
    if (this.#gatheredBytes === 0) {
      if (queued.length === 0) queueMicrotask(flushQueued);
      queued.push(this);
      this.#firstHead = head;
      this.#firstText = text;
    } else {
      this.#others ??= [];
      this.#others.push(head, text);
    }
    this.#gatheredBytes += frameBytes;
    return true;
  }

  /**
   * Calls back when the kernel has accepted the current backlog. On a closing connection it never
   * does; the end of the connection ends its callers.
   */
  onDrained(callback: () => void): void {
    this.flush();
    if (!this.#isOpen()) return;
    if (this.#waiters) return void this.#waiters.push(callback);
    const waiters = [callback];
    this.#waiters = waiters;
    // Not the 'drain' event: it requires an empty buffer, which may never occur.
    this.#socket.write(NOTHING, () => {
      this.#waiters = undefined;
      for (const waiter of waiters) waiter();
    });
  }

  /** Writes queued messages now, so that another message can follow them. */
  flush(): void {
    if (this.#gatheredBytes === 0) return;
    const head = this.#firstHead;
    const text = this.#firstText;
    const rest = this.#others;
    const sizeBytes = this.#gatheredBytes;
    this.#firstHead = NOTHING;
    this.#firstText = NOTHING;
    this.#others = undefined;
    this.#gatheredBytes = 0;
    if (!this.#isOpen()) return;
    const frames = scratch.take(sizeBytes);
    let offset = writeFrame(frames, 0, head, text);
    for (let index = 0; rest && index < rest.length; index += 2) {
      offset = writeFrame(frames, offset, rest[index] ?? NOTHING, rest[index + 1] ?? NOTHING);
    }
    this.#socket.write(frames);
    if (this.#socket.writableLength > 0) scratch.keep();
  }

  #isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN && this.#socket.writable;
  }

  #writeLarge(head: Buffer, text: Buffer): void {
    const payloadBytes = head.length + text.length;
    const start = Buffer.allocUnsafe(startBytes(payloadBytes) + head.length);
    start.set(head, writeStart(start, 0, payloadBytes));
    this.#socket.cork();
    this.#socket.write(start);
    this.#socket.write(text);
    this.#socket.uncork();
  }
}
