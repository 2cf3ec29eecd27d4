import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { aessiv } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDigestSeal, SEALED_BYTES } from '../../../src/log/read/digest-seal.ts';

const RUNS = 2_000;
const key = randomBytes(16);
const { seal, open } = createDigestSeal(key, 'event id');
const anyDigest = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes));

test(`it is AES-SIV of RFC 5297, and decrypts (${RUNS} digests)`, () => {
  const keys = new Uint8Array(hkdfSync('sha256', key, '', 'eventline event id', 32));
  fc.assert(
    fc.property(anyDigest, (digest) => {
      const sealed = seal(digest);
      expect(sealed).toEqual(Buffer.from(aessiv(keys).encrypt(digest)));
      expect(seal(digest)).toEqual(sealed);
      expect(open(sealed)).toEqual(digest);
    }),
    { numRuns: RUNS },
  );
});

test('it encrypts as node:crypto does, behind the tag (RFC 5297, 2.5)', () => {
  const keys = Buffer.from(hkdfSync('sha256', key, '', 'eventline event id', 32));
  const digest = randomBytes(32);
  const tag = seal(digest).subarray(0, 16);
  // CTR of SIV: the counter starts at the tag without two bits.
  const counter = Buffer.from(tag);
  counter.writeUInt8(counter.readUInt8(8) & 0x7f, 8);
  counter.writeUInt8(counter.readUInt8(12) & 0x7f, 12);
  const encrypted = createCipheriv('aes-128-ctr', keys.subarray(16), counter).update(digest);
  expect(seal(digest).subarray(16)).toEqual(encrypted);
});

test(`any changed bit is refused (${RUNS} changes)`, () => {
  const place = fc.nat(8 * SEALED_BYTES - 1);
  fc.assert(
    fc.property(
      anyDigest,
      fc.uniqueArray(place, { minLength: 1, maxLength: 4 }),
      (digest, bits) => {
        const changed = seal(digest);
        for (const bit of bits) {
          const index = bit >> 3;
          changed[index] = (changed[index] ?? 0) ^ (1 << (bit & 7));
        }
        expect(open(changed)).toBeUndefined();
      },
    ),
    { numRuns: RUNS },
  );
});

test('another key, another purpose, another length, and mixed halves are refused', () => {
  const [digest, other] = [randomBytes(32), randomBytes(32)];
  const sealed = seal(digest);
  expect(createDigestSeal(randomBytes(16), 'event id').open(sealed)).toBeUndefined();
  expect(createDigestSeal(key, 'quarantine id').open(sealed)).toBeUndefined();
  expect(createDigestSeal(key, 'quarantine id').seal(digest)).not.toEqual(sealed);
  for (const bytes of [0, 16, 32, 47, 49]) {
    expect(open(Buffer.concat([sealed, sealed]).subarray(0, bytes))).toBeUndefined();
  }
  const mixed = Buffer.concat([sealed.subarray(0, 32), seal(other).subarray(32)]);
  expect(open(mixed)).toBeUndefined();
  expect(() => seal(randomBytes(31))).toThrow(RangeError);
});

test('sealed digests share no bytes, even if the digests do', () => {
  const digest = Buffer.alloc(32);
  const alike = Array.from({ length: 256 }, (_, index) => {
    const one = Buffer.from(digest);
    one[31] = index;
    return seal(one).toString('hex');
  });
  const blocks = alike.flatMap((text) => text.match(/.{16}/g) ?? []);
  expect(new Set(blocks).size).toBe(blocks.length);
});
