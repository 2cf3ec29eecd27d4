import { createCipheriv, hkdfSync, timingSafeEqual } from 'node:crypto';
import { createShortHmac } from './short-hmac.ts';

const DIGEST_BYTES = 32;
const TAG_BYTES = 16;
const MAC_KEY_BYTES = 32;
const AES_KEY_BYTES = 16;
/** What a sealed digest is long. Unit: bytes. */
export const SEALED_BYTES = TAG_BYTES + DIGEST_BYTES;

/** Encrypts digests for one purpose: the same digest always gives the same bytes. */
export interface DigestSeal {
  /** Encrypts 32 bytes to 48. */
  seal(digest: Uint8Array): Buffer;
  /** Returns the digest, or undefined for bytes that `seal` did not make with this key. */
  open(sealed: Uint8Array): Buffer | undefined;
}

/**
 * Creates the seal of one purpose: deterministic authenticated encryption by the SIV construction
 * (Rogaway and Shrimpton 2006, RFC 5297), with HMAC-SHA-256 as the PRF and AES-128 in counter mode.
 * A digest of guessable content is thereby safe to hand out: without the key nobody can compute or
 * verify it.
 *
 * @param key the log's secret, 16 bytes
 * @param purpose separates the keys of different kinds of ids (HKDF, RFC 5869)
 */
export function createDigestSeal(key: Uint8Array, purpose: string): DigestSeal {
  const info = `eventline ${purpose}`;
  const keys = Buffer.from(hkdfSync('sha256', key, '', info, MAC_KEY_BYTES + AES_KEY_BYTES));
  const hmac = createShortHmac(keys.subarray(0, MAC_KEY_BYTES), DIGEST_BYTES);
  // ECB of the counter blocks is counter mode; one cipher object serves every call.
  const aes = createCipheriv('aes-128-ecb', keys.subarray(MAC_KEY_BYTES), null);
  aes.setAutoPadding(false);
  const counters = Buffer.alloc(DIGEST_BYTES);

  function xorKeystream(target: Buffer, source: Uint8Array, tag: Uint8Array): void {
    counters.set(tag, 0);
    // Cleared as in RFC 5297, 2.6, so that the counter does not overflow.
    counters.writeUInt8(counters.readUInt8(8) & 0x7f, 8);
    counters.writeUInt8(counters.readUInt8(12) & 0x7f, 12);
    counters.copy(counters, TAG_BYTES, 0, TAG_BYTES);
    counters.writeUInt32BE(counters.readUInt32BE(12) + 1, TAG_BYTES + 12);
    const keystream = aes.update(counters);
    for (let index = 0; index < DIGEST_BYTES; index += 1) {
      target[index] = (source[index] ?? 0) ^ (keystream[index] ?? 0);
    }
  }

  return {
    seal(digest) {
      if (digest.length !== DIGEST_BYTES) throw new RangeError('a digest has 32 bytes');
      const sealed = Buffer.alloc(SEALED_BYTES);
      const tag = hmac(digest).subarray(0, TAG_BYTES);
      sealed.set(tag);
      xorKeystream(sealed.subarray(TAG_BYTES), digest, tag);
      return sealed;
    },
    open(sealed) {
      if (sealed.length !== SEALED_BYTES) return undefined;
      const tag = sealed.subarray(0, TAG_BYTES);
      const digest = Buffer.alloc(DIGEST_BYTES);
      xorKeystream(digest, sealed.subarray(TAG_BYTES), tag);
      return timingSafeEqual(hmac(digest).subarray(0, TAG_BYTES), tag) ? digest : undefined;
    },
  };
}
