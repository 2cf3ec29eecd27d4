import type { Socket } from 'node:net';

/** The counters of libuv behind a socket, which Node's own `socket.setTimeout` goes by as well. */
interface StreamHandle {
  /** Handed to libuv so far. */
  bytesWritten: number;
  /** Of these, what the kernel has not taken yet. */
  writeQueueSize: number;
}

/**
 * How many bytes the kernel has taken of all that was written to a socket; undefined for one that
 * is closed. Unlike `writableLength`, which stands still while a large chunk goes, it moves with
 * every byte.
 */
export function kernelAcceptedBytes(socket: Socket): number | undefined {
  const { _handle: handle } = socket as unknown as { _handle?: StreamHandle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : undefined;
}
