const FIN_TEXT = 0x81;
const SHORT = 126;
/** The longest payload with a length of two bytes (RFC 6455, 5.2). */
const MAX_BYTES = 65_535;

/** Returns a text as one unmasked WebSocket frame (RFC 6455, 5.2). */
export function toFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > MAX_BYTES)
    throw new RangeError(`a text of ${payload.length} bytes is longer than ${MAX_BYTES}`);
  const header =
    payload.length < SHORT
      ? Buffer.from([FIN_TEXT, payload.length])
      : Buffer.from([FIN_TEXT, SHORT, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, payload]);
}
