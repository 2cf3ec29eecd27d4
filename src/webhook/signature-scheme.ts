import type { IncomingHttpHeaders } from 'node:http';
import type { WebhookScheme } from '../config/webhook-scheme.ts';
import { createVerifier, MAX_SIGNATURES, type SignatureVerdict } from './verify-signature.ts';
import { createStandardVerifier, MAX_ED25519_SIGNATURES } from './verify-standard-webhooks.ts';

/** How deliveries are signed. */
export interface SignatureScheme {
  /** The header that holds the signatures, in lower case. */
  header: string;
  /** What a request should have, for the answer. */
  expected: string;
  verify(rawBody: Buffer, headers: IncomingHttpHeaders): SignatureVerdict;
}

/** Returns a scheme that accepts signatures with any of the secrets. @throws RangeError without one */
export function createSignatureScheme(
  secrets: readonly string[],
  name: WebhookScheme = 'x-signature',
): SignatureScheme {
  if (name === 'standard-webhooks') {
    return {
      header: 'webhook-signature',
      expected: `expected webhook-id, webhook-timestamp, and webhook-signature: v1,<base64> or v1a,<base64> (Standard Webhooks); only the first ${MAX_SIGNATURES} signatures count, and ${MAX_ED25519_SIGNATURES} of v1a`,
      verify: createStandardVerifier(secrets),
    };
  }
  const verify = createVerifier(secrets);
  const header = 'x-signature';
  return {
    header,
    expected: `expected X-Signature: sha256=<base64 of the HMAC-SHA256 of the raw body>; only the first ${MAX_SIGNATURES} signatures count`,
    verify(rawBody, headers) {
      const value = headers[header];
      return verify(rawBody, Array.isArray(value) ? value.join(',') : value);
    },
  };
}
