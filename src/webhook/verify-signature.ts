import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * `missing`: no header, or no signature in it. `wrong`: any other header that is not valid. `stale`: the
 * signature is valid, and the timestamp that it covers is not current.
 */
export type SignatureVerdict = 'valid' | 'missing' | 'wrong' | 'stale';

/** @param header the value of `X-Signature`; repeated headers are joined by commas (RFC 9110 §5.3) */
export type Verify = (rawBody: Buffer, header: string | undefined) => SignatureVerdict;

/**
 * Returns a function that verifies `X-Signature` against all secrets. Source: the sender's
 * "Security" page: HMAC-SHA256 of the raw body, in base64 (padding optional) or 64 hex digits, with
 * or without `sha256=`. A sender that rotates its secret may send several signatures, separated by
 * commas or white space; one valid signature is enough. The returned function never throws.
 *
 * @param secrets one or more; a signature with any of them is valid
 * @throws RangeError without a secret, or if one is empty: anyone could sign with that
 */
export function createVerifier(secrets: readonly string[]): Verify {
  if (secrets.length === 0) throw new RangeError('at least one webhook secret is needed');
  if (secrets.includes('')) throw new RangeError('a webhook secret must not be empty');

  return (rawBody, header) => {
    const signatures = splitSignatures(header);
    if (signatures.length === 0) return 'missing';
    const claimed = signatures.map(decodeDigest).filter((digest) => digest !== undefined);
    // The format of a header is not secret, so a malformed one costs no HMAC.
    if (claimed.length === 0) return 'wrong';

    let valid = false;
    for (const secret of secrets) {
      const expected = createHmac('sha256', secret).update(rawBody).digest();
      // Compares with every secret, so that the time does not reveal which one matched.
      for (const digest of claimed) valid = timingSafeEqual(expected, digest) || valid;
    }
    return valid ? 'valid' : 'wrong';
  };
}

const PREFIX = 'sha256=';
/** Signatures per request; later ones are ignored. A rotation needs two. */
export const MAX_SIGNATURES = 8;

function splitSignatures(header = ''): string[] {
  const parts = header.replace(/\bsha256\s*=\s*/gi, PREFIX).split(/[\s,]+/);
  return parts.filter((part) => part !== '').slice(0, MAX_SIGNATURES);
}

const HEX = /^[0-9a-f]{64}$/i;
// 43 characters hold 258 bits. The two spare bits must be zero (RFC 4648 §3.5), so that a digest
// has one base64 text. Buffer.from alone would ignore invalid characters.
const BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$/;

/** Returns the 32 bytes of a signature, or undefined if it is malformed. */
function decodeDigest(signature: string): Buffer | undefined {
  const prefixed = signature.slice(0, PREFIX.length).toLowerCase() === PREFIX;
  const digest = prefixed ? signature.slice(PREFIX.length) : signature;
  if (HEX.test(digest)) return Buffer.from(digest, 'hex');
  if (BASE64.test(digest)) return Buffer.from(digest, 'base64');
  return undefined;
}
