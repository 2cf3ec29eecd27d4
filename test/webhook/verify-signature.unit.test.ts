import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { createVerifier } from '../../src/webhook/verify-signature.ts';
import { senderExample } from '../fixtures/sender.ts';

const SECRET = 'a-secret-of-24-characters';
const body = senderExample('message_sent');
const base64 = sign(body, SECRET).slice('sha256='.length);
const digest = Buffer.from(base64, 'base64');
const hex = digest.toString('hex');
const verify = createVerifier([SECRET]);

describe('valid', () => {
  test.each([
    ['as the sender writes it', `sha256=${base64}`],
    ['without the prefix', base64],
    ['with the prefix in capitals', `SHA256=${base64}`],
    ['without padding', `sha256=${base64.slice(0, -1)}`],
    ['in hex', hex],
    ['in hex with the prefix', `sha256=${hex}`],
    ['in hex capitals', `Sha256=${hex.toUpperCase()}`],
    ['with white space around it', ` \t sha256=${base64}\t `],
  ])('%s', (_, header) => {
    expect(verify(body, header)).toBe('valid');
  });

  test('with any of several secrets', () => {
    const several = createVerifier(['old-secret', SECRET, 'new-secret']);
    for (const secret of ['old-secret', SECRET, 'new-secret']) {
      expect(several(body, sign(body, secret))).toBe('valid');
    }
    expect(several(body, sign(body, 'another-secret'))).toBe('wrong');
  });

  test('for an empty body', () => {
    expect(verify(Buffer.alloc(0), sign('', SECRET))).toBe('valid');
  });
});

test.each([undefined, '', ' ', '\t \t', ',', ' , ,'])('missing: %j', (header) => {
  expect(verify(body, header)).toBe('missing');
});

describe('wrong', () => {
  // The sender's digest ends in 4 bits of data and 2 that must be zero.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const looseEnd = alphabet[alphabet.indexOf(base64.charAt(42)) + 1];

  test.each([
    ['prefix only', 'sha256='],
    ['prefix twice', `sha256=sha256=${base64}`],
    ['another hash', `sha1=${base64}`],
    ['space inside', `${base64.slice(0, 20)} ${base64.slice(20)}`],
    ['padding twice', `${base64}=`],
    ['31 bytes', digest.subarray(1).toString('base64')],
    ['33 bytes', Buffer.concat([digest, digest.subarray(0, 1)]).toString('base64')],
    ['base64 with bits left over', `${base64.slice(0, 42)}${looseEnd}=`],
    ['hex of 63 digits', hex.slice(1)],
    ['hex of 65 digits', `${hex}0`],
    ['hex with a strange digit', `${hex.slice(1)}g`],
    ['quoted', `"sha256=${base64}"`],
    ['not ASCII', 'sha256=ñ€😀\ud800'],
    ['1 MB of base64', `sha256=${'A'.repeat(1_000_000)}`],
    ['1 MB of spaces', `${' '.repeat(1_000_000)}x`],
  ])('%s', (_, header) => {
    expect(verify(body, header)).toBe('wrong');
  });

  test('in base64url', () => {
    const bodies = Array.from({ length: 100 }, (_, n) => Buffer.from(`${n}`));
    const odd = bodies.filter((rawBody) => /[+/]/.test(sign(rawBody, SECRET)));
    expect(odd).not.toHaveLength(0);
    for (const rawBody of odd) {
      const header = sign(rawBody, SECRET).replaceAll('+', '-').replaceAll('/', '_');
      expect(verify(rawBody, header)).toBe('wrong');
    }
  });

  test('with another secret, or for a body with one changed bit', () => {
    expect(verify(body, sign(body, `${SECRET}x`))).toBe('wrong');
    const changed = Buffer.from(body);
    changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
    expect(verify(changed, sign(body, SECRET))).toBe('wrong');
  });

  test('for a body with the same text in other bytes', () => {
    const spaced = Buffer.concat([body, Buffer.from('\n')]);
    expect(verify(spaced, sign(body, SECRET))).toBe('wrong');
  });
});

test('signed bodies are valid in both encodings, for random bytes and secrets', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.string({ minLength: 1 }),
      fc.boolean(),
      (bytes, secret, asHex) => {
        const rawBody = Buffer.from(bytes);
        const signature = sign(rawBody, secret);
        const bare = Buffer.from(signature.slice('sha256='.length), 'base64');
        const header = asHex ? bare.toString('hex') : signature;
        expect(createVerifier([secret])(rawBody, header)).toBe('valid');
      },
    ),
  );
});

test('no other header is valid, and none throws', () => {
  const nearly = fc
    .tuple(fc.nat({ max: base64.length - 1 }), fc.string({ unit: 'binary', maxLength: 2 }))
    .map(([at, put]) => `sha256=${base64.slice(0, at)}${put}${base64.slice(at + 1)}`)
    // Excludes the unchanged signature, and the one without padding, also beside separators.
    .filter((header) => {
      const parts = header
        .replace(/=\s+/, '=')
        .split(/[\s,]+/)
        .map((part) => part.replace(/=$/, ''));
      return !parts.includes(`sha256=${base64.slice(0, -1)}`);
    });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (header) => {
      expect(verify(body, header)).not.toBe('valid');
    }),
    { numRuns: 1000 },
  );
});

test.each([[[]], [['']], [[SECRET, '']]])('is not created with %j', (secrets) => {
  expect(() => createVerifier(secrets)).toThrow(RangeError);
});
