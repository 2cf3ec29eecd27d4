import { createHmac, timingSafeEqual } from 'node:crypto';

/** `missing`: no header, or only white space. `wrong`: any other header that is not valid. */
export type SignatureVerdict = 'valid' | 'missing' | 'wrong';

/** @param header the value of `X-Signature` as Node provides it */
export type Verify = (rawBody: Buffer, header: string | undefined) => SignatureVerdict;

/**
 * Returns a function that verifies `X-Signature` against all secrets. Source: the sender's
 * "Security" page: HMAC-SHA256 of the raw body, in base64 (padding optional) or 64 hex digits, with
 * or without `sha256=`, with surrounding white space ignored. The returned function never throws.
 *
 * @param secrets one or more; a signature with any of them is valid
 * @throws RangeError without a secret, or if one is empty: anyone could sign with that
 */
export function createVerifier(secrets: readonly string[]): Verify {
  if (secrets.length === 0) throw new RangeError('at least one webhook secret is needed');
  if (secrets.includes('')) throw new RangeError('a webhook secret must not be empty');

  return (rawBody, header) => {
    const signature = header?.trim();
    if (!signature) return 'missing';
    const claimed = decodeDigest(signature);
    // The format of a header is not secret, so a malformed one costs no HMAC.
    if (claimed === undefined) return 'wrong';

    let valid = false;
    for (const secret of secrets) {
      const expected = createHmac('sha256', secret).update(rawBody).digest();
      // Compares with every secret, so that the time does not reveal which one matched.
      valid = timingSafeEqual(expected, claimed) || valid;
    }
    return valid ? 'valid' : 'wrong';
  };
}

const PREFIX = 'sha256=';
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
