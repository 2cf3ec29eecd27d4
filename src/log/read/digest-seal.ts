import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { purposeKey } from './purpose-key.ts';

const BLOCK_BYTES = 16;
const DIGEST_BYTES = 2 * BLOCK_BYTES;
/** Length of a sealed digest, in bytes. */
export const SEALED_BYTES = BLOCK_BYTES + DIGEST_BYTES;

/** Encrypts digests for one purpose: the same digest always gives the same bytes. */
export interface DigestSeal {
  /** Encrypts 32 bytes to 48. */
  seal(digest: Uint8Array): Buffer;
  /** Returns the digest, or undefined for bytes that `seal` did not make with this key. */
  open(sealed: Uint8Array): Buffer | undefined;
}

/**
 * Creates the seal of one purpose: AES-SIV with two keys of 128 bits (RFC 5297), which is
 * deterministic authenticated encryption, without associated data. A digest of guessable content is
 * thereby safe to hand out: it can be neither computed nor verified without the key.
 *
 * @param key the log's secret, 16 bytes
 * @param purpose separates the keys of different kinds of ids
 */
export function createDigestSeal(key: Uint8Array, purpose: string): DigestSeal {
  const keys = purposeKey(key, purpose, 2 * BLOCK_BYTES);
  const macBlocks = createBlockCipher(keys.subarray(0, BLOCK_BYTES));
  const counterBlocks = createBlockCipher(keys.subarray(BLOCK_BYTES));
  const subkey = doubled(macBlocks(Buffer.alloc(BLOCK_BYTES)));
  /** What S2V and CMAC add to the last block of a message of two (RFC 5297, 2.4; RFC 4493, 2.4). */
  const lastBlockMask = xor(macBlocks(subkey), subkey);

  function tagOf(digest: Uint8Array): Buffer {
    const first = macBlocks(digest.subarray(0, BLOCK_BYTES));
    return macBlocks(xor(xor(first, digest.subarray(BLOCK_BYTES)), lastBlockMask));
  }

  /** Encrypts and decrypts: counter mode, whose keystream is two blocks here. */
  function xorKeystream(text: Uint8Array, tag: Uint8Array): Buffer {
    const counters = Buffer.allocUnsafe(DIGEST_BYTES);
    counters.set(tag);
    // Cleared so that the addition does not overflow (RFC 5297, 2.5).
    counters.writeUInt8(counters.readUInt8(8) & 0x7f, 8);
    counters.writeUInt8(counters.readUInt8(12) & 0x7f, 12);
    counters.copy(counters, BLOCK_BYTES, 0, BLOCK_BYTES);
    counters.writeUInt32BE(counters.readUInt32BE(12) + 1, BLOCK_BYTES + 12);
    return xor(counterBlocks(counters), text);
  }

  return {
    seal(digest) {
      if (digest.length !== DIGEST_BYTES) throw new RangeError('a digest has 32 bytes');
      const tag = tagOf(digest);
      return Buffer.concat([tag, xorKeystream(digest, tag)], SEALED_BYTES);
    },
    open(sealed) {
      if (sealed.length !== SEALED_BYTES) return undefined;
      const tag = sealed.subarray(0, BLOCK_BYTES);
      const digest = xorKeystream(sealed.subarray(BLOCK_BYTES), tag);
      return timingSafeEqual(tagOf(digest), tag) ? digest : undefined;
    },
  };
}

/** Returns AES of whole blocks, each by itself; one cipher object serves every call. */
function createBlockCipher(key: Uint8Array): (blocks: Uint8Array) => Buffer {
  const aes = createCipheriv('aes-128-ecb', key, null);
  aes.setAutoPadding(false);
  return (blocks) => aes.update(blocks);
}

/** Adds `other` to `target`, in place. */
function xor(target: Buffer, other: Uint8Array): Buffer {
  for (let index = 0; index < other.length; index += 1) {
    target[index] = (target[index] ?? 0) ^ (other[index] ?? 0);
  }
  return target;
}

/** Doubles in GF(2^128) (RFC 5297, 2.3). */
function doubled(block: Buffer): Buffer {
  const value = BigInt(`0x${block.toString('hex')}`);
  const carry = value >> 127n === 1n ? 0x87n : 0n;
  const hex = (((value << 1n) & ((1n << 128n) - 1n)) ^ carry).toString(16);
  return Buffer.from(hex.padStart(2 * BLOCK_BYTES, '0'), 'hex');
}
