import { createHash, createHmac } from 'node:crypto';
import { parseStandardKey, type WebhookScheme } from '../config/webhook-scheme.ts';
import { sign } from './sign.ts';

/** Returns the headers that a sender adds to a body. */
export type Signer = (rawBody: Buffer | string) => Record<string, string>;

/**
 * Creates a sender's signer. With Standard Webhooks the id follows from the body, so that a retry
 * has the same one.
 *
 * @throws RangeError if the secret cannot sign by this scheme, such as a public key
 */
export function createSigner(scheme: WebhookScheme, secret: string): Signer {
  if (scheme === 'x-signature') return (rawBody) => ({ 'X-Signature': sign(rawBody, secret) });
  const key = parseStandardKey(secret);
  if (key === undefined || !('hmac' in key)) {
    throw new RangeError('a key that signs by Standard Webhooks starts with whsec_');
  }
  return (rawBody) => {
    const id = `msg_${createHash('sha256').update(rawBody).digest('hex').slice(0, 32)}`;
    const timestamp = Math.floor(Date.now() / 1_000);
    const hmac = createHmac('sha256', key.hmac).update(`${id}.${timestamp}.`).update(rawBody);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${hmac.digest('base64')}`,
    };
  };
}
