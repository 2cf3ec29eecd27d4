import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createSigner } from '../../src/webhook/create-signer.ts';
import { createStandardVerifier } from '../../src/webhook/verify-standard-webhooks.ts';

// The published vectors: libraries/go/webhook_symmetric_test.go and webhook_asymmetric_test.go of
// standard-webhooks/standard-webhooks.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SEED = 'VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=';
const TIMESTAMP = 1_614_265_330;
const BODY = Buffer.from('{"test": 2432232314}');
const V1 = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const V1A =
  'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==';
const OTHER = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';

/** PKCS #8 of an Ed25519 seed (RFC 8410). */
const pkcs8 = Buffer.concat([
  Buffer.from('302e020100300506032b657004220420', 'hex'),
  Buffer.from(SEED, 'base64'),
]);
const { x = '' } = createPublicKey(
  createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
).export({ format: 'jwk' });
const PUBLIC = `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;

const headers = (more: IncomingHttpHeaders = {}): IncomingHttpHeaders => ({
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': String(TIMESTAMP),
  'webhook-signature': V1,
  ...more,
});
const verifyWith =
  (secrets: readonly string[], nowS = TIMESTAMP) =>
  (more: IncomingHttpHeaders = {}, body = BODY) =>
    createStandardVerifier(secrets, () => nowS * 1_000)(body, headers(more));

describe('the published vectors are valid', () => {
  test.each([
    ['HMAC', [SECRET], V1],
    ['HMAC, the secret without its prefix', [SECRET.slice('whsec_'.length)], V1],
    ['Ed25519', [PUBLIC], V1A],
    ['among several signatures', [SECRET], `${OTHER} ${OTHER.replace('v1', 'v2')} ${V1} ${OTHER}`],
    ['among several, by Ed25519', [PUBLIC], `${OTHER} ${V1A}`],
    ['with several keys', [PUBLIC, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', SECRET], V1],
    ['in a repeated header', [SECRET], `${OTHER}, ${V1}`],
    ['with more white space', [SECRET], ` ${OTHER}  \t${V1} `],
    ['as the eighth', [SECRET], [...Array(7).fill(OTHER), V1].join(' ')],
  ])('%s', (_, secrets, signature) => {
    expect(verifyWith(secrets)({ 'webhook-signature': signature })).toBe('valid');
  });
});

test.each([-300, 0, 300])('a timestamp is current %i s from now', (offsetS) => {
  expect(verifyWith([SECRET], TIMESTAMP + offsetS)()).toBe('valid');
});

test.each([-301, 301, 1_000_000])('and not %i s from now', (offsetS) => {
  expect(verifyWith([SECRET], TIMESTAMP + offsetS)()).toBe('stale');
  const byKey = verifyWith([PUBLIC], TIMESTAMP + offsetS);
  expect(byKey({ 'webhook-signature': V1A })).toBe('stale');
});

test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
  'without %s, or with an empty one, it is missing',
  (name) => {
    expect(verifyWith([SECRET])({ [name]: undefined })).toBe('missing');
    expect(verifyWith([SECRET])({ [name]: ' ' })).toBe('missing');
  },
);

describe('wrong', () => {
  test.each<[string, IncomingHttpHeaders]>([
    ['another id', { 'webhook-id': 'msg_another' }],
    ['another timestamp', { 'webhook-timestamp': String(TIMESTAMP + 1) }],
    ['a timestamp that is no number', { 'webhook-timestamp': 'hello' }],
    ['another signature', { 'webhook-signature': OTHER }],
    ['no signature text', { 'webhook-signature': 'v1,' }],
    ['a part of the signature', { 'webhook-signature': V1.slice(0, 8) }],
    ['another version', { 'webhook-signature': V1.replace('v1', 'v2') }],
    ['HMAC as Ed25519', { 'webhook-signature': V1.replace('v1', 'v1a') }],
    ['without a version', { 'webhook-signature': V1.slice(3) }],
    ['the ninth', { 'webhook-signature': [...Array(8).fill(OTHER), V1].join(' ') }],
  ])('%s', (_, more) => {
    expect(verifyWith([SECRET])(more)).toBe('wrong');
    expect(verifyWith([PUBLIC])(more)).toBe('wrong');
  });

  test('the third by Ed25519', () => {
    const other = V1A.replace('tQ9V', 'AAAA');
    const verify = verifyWith([PUBLIC]);
    expect(verify({ 'webhook-signature': `${other} ${V1A}` })).toBe('valid');
    expect(verify({ 'webhook-signature': `${other} ${other} ${V1A}` })).toBe('wrong');
  });

  test('another body', () => {
    const other = Buffer.from('{"test": 2432232315}');
    expect(verifyWith([SECRET])({}, other)).toBe('wrong');
    expect(verifyWith([PUBLIC])({ 'webhook-signature': V1A }, other)).toBe('wrong');
  });
});

test('our own signer is verified, with the same id for the same body', () => {
  const signer = createSigner('standard-webhooks', SECRET);
  const signed = signer(BODY);
  expect(createStandardVerifier([SECRET])(BODY, signed)).toBe('valid');
  expect(signer(BODY)['webhook-id']).toBe(signed['webhook-id']);
});

test.each(['', 'whsec_', 'whsec_short', 'whsec_not base64!', `whsk_${SEED}`, `${PUBLIC}AAAA`])(
  '%j is no key',
  (secret) => {
    expect(() => createStandardVerifier([secret])).toThrow(RangeError);
    expect(() => createSigner('standard-webhooks', secret)).toThrow(RangeError);
  },
);

test('a public key cannot sign', () => {
  expect(() => createSigner('standard-webhooks', PUBLIC)).toThrow(RangeError);
});
