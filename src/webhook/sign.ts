import { createHmac } from 'node:crypto';

/**
 * The `X-Signature` that the sender puts on a body.
 * Source: the sender's "Security" page (HMAC-SHA256, RFC 2104, in base64, RFC 4648 §4).
 * @param rawBody the bytes as sent; a string stands for its UTF-8
 * @returns `sha256=` and 44 characters of base64
 */
export function sign(rawBody: Buffer | string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(rawBody).digest('base64')}`;
}
