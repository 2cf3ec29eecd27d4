/** First byte of an unfragmented text frame (RFC 6455, 5.2). */
const FINAL_TEXT = 0x81;
const LENGTH_OF_16_BITS = 126;
const LENGTH_OF_64_BITS = 127;

/** Returns the length of a frame's header for a payload of this size, in bytes. */
export function startBytes(payloadBytes: number): number {
  if (payloadBytes < LENGTH_OF_16_BITS) return 2;
  return payloadBytes < 2 ** 16 ? 4 : 10;
}

/** Writes the frame of a message; returns the offset after it. */
export function writeFrame(frames: Buffer, offset: number, head: Buffer, text: Buffer): number {
  const payload = writeStart(frames, offset, head.length + text.length);
  frames.set(head, payload);
  frames.set(text, payload + head.length);
  return payload + head.length + text.length;
}

/** Writes the header of a frame; returns the offset after it. */
export function writeStart(frames: Buffer, offset: number, payloadBytes: number): number {
  frames[offset] = FINAL_TEXT;
  if (payloadBytes < LENGTH_OF_16_BITS) {
    frames[offset + 1] = payloadBytes;
    return offset + 2;
  }
  if (payloadBytes < 2 ** 16) {
    frames[offset + 1] = LENGTH_OF_16_BITS;
    return frames.writeUInt16BE(payloadBytes, offset + 2);
  }
  frames[offset + 1] = LENGTH_OF_64_BITS;
  frames.writeUInt32BE(0, offset + 2);
  return frames.writeUInt32BE(payloadBytes, offset + 6);
}
