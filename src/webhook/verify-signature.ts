import { createHmac, timingSafeEqual } from 'node:crypto';

/** `missing`: no header, or one with white space only; `wrong`: anything that is not `valid`. */
export type SignatureVerdict = 'valid' | 'missing' | 'wrong';

/** @param header the value of `X-Signature` as node gives it */
export type Verify = (rawBody: Buffer, header: string | undefined) => SignatureVerdict;

/**
 * Makes the check of `X-Signature` against every secret in force.
 * Source: the sender's "Security" page. As there: HMAC-SHA256 over the raw body, in base64 (padding
 * may be absent) or 64 hex digits, with or without `sha256=`, white space around it. The verdict
 * function throws for no header whatever.
 * @param secrets one or more, any of them valid
 * @throws RangeError without a secret or with an empty one: the whole world can sign with that
 */
export function createVerifier(secrets: readonly string[]): Verify {
  if (secrets.length === 0) throw new RangeError('at least one webhook secret is needed');
  if (secrets.includes('')) throw new RangeError('a webhook secret must not be empty');

  return (rawBody, header) => {
    const signature = header?.trim();
    if (!signature) return 'missing';
    const claimed = decodeDigest(signature);
    // The shape of a header is no secret, so a malformed one costs no HMAC.
    if (claimed === undefined) return 'wrong';

    let valid = false;
    for (const secret of secrets) {
      const expected = createHmac('sha256', secret).update(rawBody).digest();
      // The comparison stands first and the loop goes on: time must not tell which secret matched.
      valid = timingSafeEqual(expected, claimed) || valid;
    }
    return valid ? 'valid' : 'wrong';
  };
}

const PREFIX = 'sha256=';
const HEX = /^[0-9a-f]{64}$/i;
// 43 characters hold 258 bits: the two left over must be zero (RFC 4648 §3.5), so that one digest
// has one base64 text. Buffer.from alone would pass over whatever it does not know.
const BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$/;

/** The 32 bytes that a signature stands for, or undefined. */
function decodeDigest(signature: string): Buffer | undefined {
  const prefixed = signature.slice(0, PREFIX.length).toLowerCase() === PREFIX;
  const digest = prefixed ? signature.slice(PREFIX.length) : signature;
  if (HEX.test(digest)) return Buffer.from(digest, 'hex');
  if (BASE64.test(digest)) return Buffer.from(digest, 'base64');
  return undefined;
}
