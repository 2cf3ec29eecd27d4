/** WebSocket opcodes (RFC 6455, 5.2). */
export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;

const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Receives each complete frame: opcode and payload; the buffer is reused afterwards. */
export type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number) => void;

/**
 * Creates a parser that splits a server's bytes into frames. It does nothing else: the load
 * generator must take less time than the server.
 */
export function createFrameReader(onFrame: OnFrame): (chunk: Buffer) => void {
  let held: Buffer | undefined;
  return function push(chunk) {
    const bytes = held ? Buffer.concat([held, chunk]) : chunk;
    let at = 0;
    while (bytes.length - at >= 2) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const headerBytes = short === LENGTH_16 ? 4 : short === LENGTH_64 ? 10 : 2;
      if (bytes.length - at < headerBytes) break;
      const length =
        short === LENGTH_16
          ? bytes.readUInt16BE(at + 2)
          : short === LENGTH_64
            ? Number(bytes.readBigUInt64BE(at + 2))
            : short;
      const start = at + headerBytes;
      if (bytes.length < start + length) break;
      onFrame((bytes[at] ?? 0) & 0x0f, bytes, start, start + length);
      at = start + length;
    }
    // The next read reuses the buffer, so the rest must be copied.
    held = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  };
}

/** Returns a client's frame with a mask of zeros, which does not change the payload (RFC 6455, 5.3). */
export function toMaskedFrame(opcode: number, payload: Buffer): Buffer {
  const length =
    payload.length < LENGTH_16
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | LENGTH_16, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, Buffer.alloc(4), payload]);
}
