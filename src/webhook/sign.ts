import { createHmac } from 'node:crypto';

/**
 * Returns the `X-Signature` that the sender sends with a body: `sha256=` and 44 characters of
 * base64. Source: the sender's "Security" page (HMAC-SHA256, RFC 2104; base64, RFC 4648 §4).
 *
 * @param rawBody the bytes as sent; a string is encoded as UTF-8
 */
export function sign(rawBody: Buffer | string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(rawBody).digest('base64')}`;
}
