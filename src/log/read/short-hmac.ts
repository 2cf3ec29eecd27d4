import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * Creates HMAC-SHA256 (RFC 2104, section 2) for messages of a fixed short length, by two plain
 * hashes. Every delivered event needs a cursor, and the native objects of `createHmac` cost a sixth of
 * a replay's CPU (docs/decisions/0013-performance.md).
 *
 * @param key at most 64 bytes
 * @param messageBytes length of the message at the start of the input
 * @throws RangeError for a longer key
 */
export function createShortHmac(
  key: Uint8Array,
  messageBytes: number,
): (message: Uint8Array) => Buffer {
  if (key.length > BLOCK_BYTES) throw new RangeError('the key has more than 64 bytes');
  const inner = Buffer.alloc(BLOCK_BYTES + messageBytes, INNER_PAD);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, OUTER_PAD);
  for (const [index, byte] of key.entries()) {
    inner[index] = INNER_PAD ^ byte;
    outer[index] = OUTER_PAD ^ byte;
  }
  return (message) => {
    for (let index = 0; index < messageBytes; index += 1) {
      inner[BLOCK_BYTES + index] = message[index] ?? 0;
    }
    outer.set(hash('sha256', inner, 'buffer'), BLOCK_BYTES);
    return hash('sha256', outer, 'buffer');
  };
}
