import type { Socket } from 'node:net';

/** libuv's counters of a socket, which Node's `socket.setTimeout` uses as well. */
interface StreamHandle {
  /** Bytes handed to libuv so far. */
  bytesWritten: number;
  /** Bytes of these that the kernel has not accepted yet. */
  writeQueueSize: number;
}

/**
 * Returns how many written bytes the kernel has accepted; undefined for a closed socket. Unlike
 * `writableLength`, which does not move while a large chunk is sent, it changes with every byte.
 */
export function kernelAcceptedBytes(socket: Socket): number | undefined {
  const { _handle: handle } = socket as unknown as { _handle?: StreamHandle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : undefined;
}
