import { createHmac, timingSafeEqual } from 'node:crypto';
import { WEBHOOK_SECRET } from '../contract.ts';

/** Checks the signature of a body: `sha256=`, then base64 of the HMAC-SHA256. */
export function isSigned(body: Buffer, signature: unknown): boolean {
  const given = Buffer.from(String(signature).replace(/^sha256=/, ''), 'base64');
  const wanted = createHmac('sha256', WEBHOOK_SECRET).update(body).digest();
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
