const FIN_TEXT = 0x81;
const SHORT = 126;
/** The longest payload whose length stands in two bytes (RFC 6455, 5.2). */
const MOST = 65_535;

/** A text as one unmasked WebSocket frame (RFC 6455, 5.2). */
export function toFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > MOST) throw new RangeError(`a text of ${payload.length} bytes is too long`);
  const header =
    payload.length < SHORT
      ? Buffer.from([FIN_TEXT, payload.length])
      : Buffer.from([FIN_TEXT, SHORT, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, payload]);
}
