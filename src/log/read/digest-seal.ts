import { timingSafeEqual } from 'node:crypto';
import { unsafe } from '@noble/ciphers/aes.js';
import { purposeKey } from './purpose-key.ts';

const BLOCK_BYTES = 16;
const DIGEST_BYTES = 2 * BLOCK_BYTES;
/** Length of a sealed digest, in bytes. */
export const SEALED_BYTES = BLOCK_BYTES + DIGEST_BYTES;

/** Encrypts digests for one purpose: the same digest always gives the same bytes. */
export interface DigestSeal {
  /** Encrypts 32 bytes to 48. */
  seal(digest: Buffer): Buffer;
  /** Returns the digest, or undefined for bytes that `seal` did not make with this key. */
  open(sealed: Buffer): Buffer | undefined;
}

/** A block of 16 bytes as four little-endian words. */
type Block = readonly [number, number, number, number];

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
  const mac = createBlockCipher(keys.subarray(0, BLOCK_BYTES));
  const encrypt = createBlockCipher(keys.subarray(BLOCK_BYTES));
  const subkey = doubled(mac([0, 0, 0, 0]));
  /** What S2V and CMAC add to the last block of a message of two (RFC 5297, 2.4; RFC 4493, 2.4). */
  const lastBlockMask = xor(mac(subkey), subkey);

  function tagOf(left: Block, right: Block): Block {
    return mac(xor(xor(mac(left), right), lastBlockMask));
  }

  /** Two blocks of counter mode, whose counter starts at the tag. */
  function keystream([first, second, third, fourth]: Block): readonly [Block, Block] {
    // Bits are cleared so that the addition does not overflow (RFC 5297, 2.5).
    const counter: Block = [first, second, third & ~0x80, fourth & ~0x80];
    return [encrypt(counter), encrypt([first, second, counter[2], plusOne(counter[3])])];
  }

  return {
    seal(digest) {
      if (digest.length !== DIGEST_BYTES) throw new RangeError('a digest has 32 bytes');
      const left = blockAt(digest, 0);
      const right = blockAt(digest, BLOCK_BYTES);
      const tag = tagOf(left, right);
      const [one, other] = keystream(tag);
      return bytesOf(tag, xor(left, one), xor(right, other));
    },
    open(sealed) {
      if (sealed.length !== SEALED_BYTES) return undefined;
      const tag = blockAt(sealed, 0);
      const [one, other] = keystream(tag);
      const left = xor(blockAt(sealed, BLOCK_BYTES), one);
      const right = xor(blockAt(sealed, 2 * BLOCK_BYTES), other);
      return timingSafeEqual(bytesOf(tagOf(left, right)), bytesOf(tag))
        ? bytesOf(left, right)
        : undefined;
    },
  };
}

/**
 * Returns AES of one block. `node:crypto` allocates native memory in every call, which takes longer
 * than the cipher (docs/decisions/0013-performance.md).
 */
function createBlockCipher(key: Uint8Array): (block: Block) => Block {
  const roundKeys = unsafe.expandKeyLE(key);
  return (block) => {
    const { s0, s1, s2, s3 } = unsafe.encrypt(roundKeys, block[0], block[1], block[2], block[3]);
    return [s0, s1, s2, s3];
  };
}

function blockAt(bytes: Buffer, start: number): Block {
  return [
    bytes.readInt32LE(start),
    bytes.readInt32LE(start + 4),
    bytes.readInt32LE(start + 8),
    bytes.readInt32LE(start + 12),
  ];
}

function bytesOf(...blocks: Block[]): Buffer {
  const bytes = Buffer.allocUnsafe(BLOCK_BYTES * blocks.length);
  let place = 0;
  for (const block of blocks) for (const word of block) place = bytes.writeInt32LE(word, place);
  return bytes;
}

function xor(one: Block, other: Block): Block {
  return [one[0] ^ other[0], one[1] ^ other[1], one[2] ^ other[2], one[3] ^ other[3]];
}

const wordBytes = Buffer.alloc(4);

/** Adds one to the big-endian number in the bytes of a word. */
function plusOne(word: number): number {
  wordBytes.writeInt32LE(word);
  wordBytes.writeUInt32BE(wordBytes.readUInt32BE() + 1);
  return wordBytes.readInt32LE();
}

/** Doubles in GF(2^128) (RFC 5297, 2.3). */
function doubled(block: Block): Block {
  const value = BigInt(`0x${bytesOf(block).toString('hex')}`);
  const carry = value >> 127n === 1n ? 0x87n : 0n;
  const hex = (((value << 1n) & ((1n << 128n) - 1n)) ^ carry).toString(16);
  return blockAt(Buffer.from(hex.padStart(2 * BLOCK_BYTES, '0'), 'hex'), 0);
}
